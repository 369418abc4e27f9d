/** Helpers of the simulator's own tests: one call, all pages, a body that an endpoint accepts. */

import type { Row, Simulator } from './index.ts';

const COMPLETE: Record<string, Row> = {
  'application.list': { expand: ['openings'] },
  'application.info': { expand: ['openings', 'applicationFormSubmissions', 'referrals'] },
  'job.list': {
    status: ['Draft', 'Open', 'Closed', 'Archived'],
    includeUnpublishedJobPostingsIds: true,
    expand: ['location', 'openings'],
  },
  'jobPosting.list': { includeUnpublishedJobPostings: true },
  'jobPosting.info': { includeUnpublishedJobPostings: true },
  'job.info': { includeUnpublishedJobPostingsIds: true, expand: ['location', 'openings'] },
  'jobTemplate.list': { expand: ['location'] },
  'interview.list': { includeArchived: true, includeNonSharedInterviews: true },
  'interviewEvent.list': { expand: ['interview'] },
  'user.list': { includeDeactivated: true },
  'location.list': { includeArchived: true, includeLocationHierarchy: true },
  'sourceTrackingLink.list': { includeDisabled: true },
  'interviewerPool.list': { includeArchivedPools: true, includeArchivedTrainingStages: true },
  'hiringTeamRole.list': { namesOnly: false },
  'takeHomeAssignment.list': { expand: ['interview'] },
  'auditLog.list': { startDate: '2025-06-01', endDate: '2026-11-01' },
};
for (const table of [
  'department',
  'source',
  'archiveReason',
  'candidateTag',
  'customField',
  'feedbackFormDefinition',
  'interviewPlan',
  'closeReason',
  'sequenceTemplate',
]) {
  COMPLETE[`${table}.list`] = { includeArchived: true };
}

/** Where each `.info` gets its id from, and under which name it takes it. */
export const INFO_OF: Readonly<Record<string, readonly [list: string, param: string]>> = {
  'application.info': ['application.list', 'applicationId'],
  'candidate.info': ['candidate.list', 'id'],
  'customField.info': ['customField.list', 'customFieldId'],
  'department.info': ['department.list', 'departmentId'],
  'feedbackFormDefinition.info': ['feedbackFormDefinition.list', 'feedbackFormDefinitionId'],
  'interview.info': ['interview.list', 'id'],
  'interviewerPool.info': ['interviewerPool.list', 'interviewerPoolId'],
  'job.info': ['job.list', 'id'],
  'jobInterviewPlan.info': ['job.list', 'jobId'],
  'jobPosting.info': ['jobPosting.list', 'jobPostingId'],
  'location.info': ['location.list', 'locationId'],
  'offer.info': ['offer.list', 'offerId'],
  'opening.info': ['opening.list', 'openingId'],
  'project.info': ['project.list', 'projectId'],
  'surveyFormDefinition.info': ['surveyFormDefinition.list', 'surveyFormDefinitionId'],
  'user.info': ['user.list', 'userId'],
};

/** A body with what the endpoint requires; `complete` adds the flags that bring hidden rows. */
export function bodyFor(sim: Simulator, name: string, o: { complete?: boolean } = {}): Row {
  const body: Row = o.complete ? { ...COMPLETE[name] } : {};
  const first = (list: string): unknown => sim.rows(list).next().value?.['id'];
  if (name.startsWith('survey') && !name.startsWith('surveyForm')) body['surveyType'] = 'CandidateExperience';
  const [list, param] = INFO_OF[name] ?? [];
  if (list !== undefined && param !== undefined) body[param] = first(list);
  if (name === 'interviewStage.info') body['interviewStageId'] = stageId(sim);
  if (/^application\.list./.test(name)) body['applicationId'] = first('application.list');
  if (/^candidate\.list./.test(name)) body['candidateId'] = first('candidate.list');
  if (/^user\.(listI|interviewerS)/.test(name)) body['userId'] = first('user.list');
  if (name === 'interviewStage.list') body['interviewPlanId'] = first('interviewPlan.list');
  if (name === 'interviewEvent.list') body['interviewScheduleId'] = first('interviewSchedule.list');
  if (name === 'notetakerTranscript.info') body['notetakerTranscriptId'] = transcriptId(sim);
  return body;
}

function stageId(sim: Simulator): unknown {
  const plan = sim.rows('interviewPlan.list').next().value?.['id'];
  return sim.rows('interviewStage.list', { interviewPlanId: plan }).next().value?.['id'];
}

/** A transcript that has not expired. */
export function transcriptId(sim: Simulator): unknown {
  for (const schedule of sim.rows('interviewSchedule.list')) {
    for (const event of schedule['interviewEvents'] as Row[]) {
      const id = event['notetakerTranscriptId'];
      if (typeof id !== 'string') continue;
      try {
        if (sim.rows('notetakerTranscript.info', { notetakerTranscriptId: id }).next().value) return id;
      } catch {
        continue;
      }
    }
  }
  throw new Error('no transcript');
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  json: Row;
  code: string | undefined;
}

/** One POST; a string body is sent as it is. */
export async function call(
  sim: Simulator,
  name: string,
  body: Row | string,
  o: { key?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const response = await fetch(`${sim.url}/${name}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${o.key ?? sim.keys.full}:`).toString('base64')}`,
      'content-type': 'application/json',
      accept: 'application/json; version=1',
      ...o.headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  let json: Row = {};
  try {
    json = JSON.parse(text) as Row;
  } catch {
    json = {};
  }
  const info = json['errorInfo'] as Row | undefined | null;
  return { status: response.status, headers: response.headers, text, json, code: info?.['code'] as string | undefined };
}

/** Reads a list to its end; `last` is the last answer. */
export async function everyPage(
  sim: Simulator,
  name: string,
  body: Row,
): Promise<{ rows: Row[]; last: Row; pages: number }> {
  const rows: Row[] = [];
  let cursor: unknown;
  for (let pages = 1; ; pages++) {
    const { json } = await call(sim, name, cursor === undefined ? body : { ...body, cursor });
    if (json['success'] !== true) throw new Error(JSON.stringify(json));
    rows.push(...(json['results'] as Row[]));
    cursor = json['nextCursor'];
    const more = json['moreDataAvailable'] ?? cursor !== undefined;
    if (!more) return { rows, last: json, pages };
  }
}
