/**
 * What each table must hold, told from the simulator's own rows. Endpoints, keys and added fields are written down
 * here once more, on purpose: a slip in the connector's table must not excuse itself.
 */

import type { Simulator } from '../simulator/index.ts';
import type { Row } from './transcript.ts';
import { INSIDE, unnest, withIds } from './unnest.ts';

type Plain = { kind: 'list'; endpoint: string; body?: Row; key?: string };
type Survey = { kind: 'survey'; endpoint: string; types: string[] };
type Postings = { kind: 'postings' };
type Events = { kind: 'events' };
type Versions = { kind: 'versions' };
/** Rows inside those of another table. */
type Inside = { kind: 'inside'; of: string; key: string };
type Child = {
  kind: 'child';
  of: string;
  endpoint: string;
  param: string;
  /** The field that names the parent in each row. */
  adds?: string;
  key?: string;
  body?: Row;
};
type Transcripts = { kind: 'transcripts' };
export type Source = Plain | Survey | Postings | Events | Versions | Inside | Child | Transcripts;

const list = (endpoint: string, body: Row = {}): Plain => ({ kind: 'list', endpoint, body });
const child = (of: string, endpoint: string, param: string, more: Partial<Child> = {}): Child => ({
  kind: 'child',
  of,
  endpoint,
  param,
  ...more,
});
const archived = { includeArchived: true };

export const SOURCES: Readonly<Record<string, Source>> = {
  candidates: list('candidate.list'),
  applications: list('application.list', { expand: ['openings'] }),
  application_feedback: list('applicationFeedback.list'),
  interview_schedules: list('interviewSchedule.list'),
  interview_events: { kind: 'events' },
  offers: list('offer.list'),
  approvals: list('approval.list'),
  jobs: list('job.list', {
    status: ['Draft', 'Open', 'Closed', 'Archived'],
    includeUnpublishedJobPostingsIds: true,
    expand: ['location', 'openings'],
  }),
  job_postings: { kind: 'postings' },
  openings: list('opening.list'),
  job_templates: list('jobTemplate.list', { expand: ['location'] }),
  job_boards: list('jobBoard.list'),
  interviews: list('interview.list', { includeArchived: true, includeNonSharedInterviews: true }),
  interview_plans: list('interviewPlan.list', archived),
  interview_stage_groups: list('interviewStageGroup.list'),
  interviewer_pools: list('interviewerPool.list', { includeArchivedPools: true, includeArchivedTrainingStages: true }),
  take_home_assignments: list('takeHomeAssignment.list', { expand: ['interview'] }),
  users: list('user.list', { includeDeactivated: true }),
  departments: list('department.list', archived),
  locations: list('location.list', { includeArchived: true, includeLocationHierarchy: true }),
  hiring_team_roles: list('hiringTeamRole.list', { namesOnly: false }),
  brands: list('brand.list'),
  sources: list('source.list', archived),
  source_tracking_links: list('sourceTrackingLink.list', { includeDisabled: true }),
  archive_reasons: list('archiveReason.list', archived),
  close_reasons: list('closeReason.list', archived),
  candidate_tags: list('candidateTag.list', archived),
  custom_fields: list('customField.list', archived),
  feedback_form_definitions: list('feedbackFormDefinition.list', archived),
  survey_form_definitions: list('surveyFormDefinition.list'),
  communication_templates: list('communicationTemplate.list'),
  application_hiring_team_roles: list('applicationHiringTeamRole.list'),
  projects: list('project.list'),
  survey_requests: { kind: 'survey', endpoint: 'surveyRequest.list', types: ['CandidateExperience'] },
  survey_submissions: {
    kind: 'survey',
    endpoint: 'surveySubmission.list',
    types: ['CandidateExperience', 'Questionnaire', 'HiringManagerExperience'],
  },
  referrals: list('referral.list'),
  sequences: list('sequence.list'),
  sequence_templates: list('sequenceTemplate.list', archived),
  audit_log: list('auditLog.list'),
  application_history: child('applications', 'application.listHistory', 'applicationId', { adds: 'applicationId' }),
  application_criteria_evaluations: child('applications', 'application.listCriteriaEvaluations', 'applicationId', {
    adds: 'applicationId',
    key: '_key',
  }),
  application_details: child('applications', 'application.info', 'applicationId', {
    body: { expand: ['openings', 'applicationFormSubmissions', 'referrals'] },
  }),
  candidate_notes: child('candidates', 'candidate.listNotes', 'candidateId', { adds: 'candidateId' }),
  candidate_projects: child('candidates', 'candidate.listProjects', 'candidateId', {
    adds: 'candidateId',
    key: '_key',
  }),
  candidate_client_info: child('candidates', 'candidate.listClientInfo', 'candidateId', { adds: 'candidateId' }),
  candidate_fraud_checks: child('candidates', 'candidate.listFraudChecks', 'candidateId', { adds: 'candidateId' }),
  offer_details: child('offers', 'offer.info', 'offerId'),
  job_interview_plans: child('jobs', 'jobInterviewPlan.info', 'jobId', { adds: 'jobId', key: 'jobId' }),
  job_posting_details: child('job_postings', 'jobPosting.info', 'jobPostingId', {
    body: { includeUnpublishedJobPostings: true },
  }),
  interview_stages: child('interview_plans', 'interviewStage.list', 'interviewPlanId', { adds: 'interviewPlanId' }),
  interviewer_pauses: child('users', 'user.listInterviewerPauses', 'userId', { adds: 'userId' }),
  interviewer_settings: child('users', 'user.interviewerSettings', 'userId', { adds: 'userId', key: 'userId' }),
  interviewer_pool_details: child('interviewer_pools', 'interviewerPool.info', 'interviewerPoolId'),
  notetaker_transcripts: { kind: 'transcripts' },
  offer_versions: { kind: 'versions' },
  ...Object.fromEntries(Object.entries(INSIDE).map(([name, { of }]) => [name, { kind: 'inside', of, key: '_key' }])),
};

export const ALL_STREAMS = Object.keys(SOURCES);

export function sourceOf(stream: string): Source {
  const source = SOURCES[stream];
  if (!source) throw new Error(`no truth is known for ${stream}`);
  return source;
}

export function keyOf(stream: string): string {
  if (stream === 'live_keys') return '_key';
  const source = sourceOf(stream);
  return ('key' in source ? source.key : undefined) ?? 'id';
}

/** The rows that a complete read of the stream gives; `parents` narrows a child to some of its parents. */
export function* truthOf(sim: Simulator, stream: string, parents?: ReadonlySet<string>): Generator<Row> {
  for (const row of rawRows(sim, stream, parents)) yield wellFormed(withIds(stream, row)) as Row;
}

function* rawRows(sim: Simulator, stream: string, parents?: ReadonlySet<string>): Generator<Row> {
  const source = sourceOf(stream);
  switch (source.kind) {
    case 'list':
      return yield* sim.rows(source.endpoint, source.body);
    case 'survey':
      for (const surveyType of source.types) yield* sim.rows(source.endpoint, { surveyType });
      return;
    case 'postings':
      return yield* postings(sim);
    case 'events':
      for (const schedule of sim.rows('interviewSchedule.list')) {
        for (const event of (schedule['interviewEvents'] ?? []) as Row[])
          yield { interviewScheduleId: schedule['id'], ...event };
      }
      return;
    case 'versions':
      for (const offer of rawRows(sim, 'offer_details', parents)) {
        for (const version of (offer['versions'] ?? []) as Row[]) yield { offerId: offer['id'], ...version };
      }
      return;
    case 'inside': {
      const rule = INSIDE[stream];
      // Texts are made well-formed before they are taken apart: they may end up inside other texts.
      for (const parent of rawRows(sim, source.of, parents)) if (rule) yield* unnest(rule, wellFormed(parent) as Row);
      return;
    }
    case 'transcripts':
      return yield* transcripts(sim);
    case 'child':
      for (const parent of rawRows(sim, source.of)) {
        const id = String(parent['id']);
        if (parents && !parents.has(id)) continue;
        yield* childRows(sim, source, id);
      }
  }
}

/** The children of one parent; none where Ashby would say that it is gone. */
function childRows(sim: Simulator, source: Child, id: string): Row[] {
  return refusedIsEmpty(() => [...sim.rows(source.endpoint, { ...source.body, [source.param]: id })]).map((row) => ({
    ...row,
    ...(source.adds ? { [source.adds]: row[source.adds] ?? id } : {}),
    ...(source.key === '_key' ? { _key: `${id}:${String(row['id'])}` } : {}),
  }));
}

function* postings(sim: Simulator): Generator<Row> {
  const boards = [...sim.rows('jobBoard.list')].map((board) => String(board['id']));
  const all = { includeUnpublishedJobPostings: true };
  const on = new Map(
    boards.map((board) => [
      board,
      new Set([...sim.rows('jobPosting.list', { ...all, jobBoardId: board })].map((row) => row['id'])),
    ]),
  );
  for (const row of sim.rows('jobPosting.list', { ...all, jobBoardId: '*' })) {
    yield { ...row, jobBoardIds: boards.filter((board) => on.get(board)?.has(row['id'])) };
  }
}

function* transcripts(sim: Simulator): Generator<Row> {
  for (const event of rawRows(sim, 'interview_events')) {
    const notetakerTranscriptId = event['notetakerTranscriptId'];
    if (typeof notetakerTranscriptId !== 'string') continue;
    for (const row of refusedIsEmpty(() => [...sim.rows('notetakerTranscript.info', { notetakerTranscriptId })])) {
      const { transcriptUrl: _url, ...rest } = row;
      yield rest;
    }
  }
}

function refusedIsEmpty(ask: () => Row[]): Row[] {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Error && error.name === 'ApiError') return [];
    throw error;
  }
}

/** What a careful writer makes of lone surrogates. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, wellFormed(part)]));
}

export interface Difference {
  missing: string[];
  unexpected: string[];
  twice: string[];
  different: string[];
}

/** What a test expects of `compare`. */
export const SAME: Difference = { missing: [], unexpected: [], twice: [], different: [] };

/** Compares rows by key and content, order aside; ids only, and the first few, so that a failure can be read. */
export function compare(stream: string, actual: Iterable<Row>, expected: Iterable<Row>): Difference {
  const key = keyOf(stream);
  const wanted = new Map([...expected].map((row) => [String(row[key]), canonical(row)]));
  const found = new Set<string>();
  const result: Difference = { missing: [], unexpected: [], twice: [], different: [] };
  const note = (list: string[], id: string): void => void (list.length < 5 && list.push(id));
  for (const row of actual) {
    const id = String(row[key]);
    const want = wanted.get(id);
    if (found.has(id)) note(result.twice, id);
    else if (want === undefined) note(result.unexpected, id);
    else if (want !== canonical(row)) note(result.different, id);
    found.add(id);
  }
  for (const id of wanted.keys()) if (!found.has(id)) note(result.missing, id);
  return result;
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
