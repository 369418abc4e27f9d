/** Lists below one parent, and answers that hold a single object. */

import type { Data } from './data/index.ts';
import { find } from './find.ts';
import { makeInfos } from './infos.ts';
import type { TableName } from './tables.ts';
import { ApiError, type Body, type Features, type Row, type SimulatorOptions } from './types.ts';

export interface Children {
  parent: TableName;
  /** Body field that names the parent. */
  param: string;
  rows: (parent: number, version: number, body: Body) => Row[];
}

const times = <V>(count: number, make: (k: number) => V): V[] => Array.from({ length: count }, (_, k) => make(k));

export function makeChildren(data: Data): ReadonlyMap<string, Children> {
  const { world, applications, candidates, interviews, config, extras, parts } = data;
  /** A candidate's own rows, then those of the candidates that were merged into it, under its id. */
  const inherited =
    (own: (c: number) => Row[]) =>
    (c: number): Row[] => [
      ...own(c),
      ...world
        .absorbed(c)
        .flatMap(own)
        .map((row) => ('candidateId' in row ? { ...row, candidateId: world.id('candidate', c) } : row)),
    ];
  const lists: Record<string, Children> = {
    'application.listHistory': {
      parent: 'application',
      param: 'applicationId',
      rows: (a, v) => times(applications.historyCount(a, v), (k) => applications.history(a, k, v)),
    },
    'application.listCriteriaEvaluations': {
      parent: 'application',
      param: 'applicationId',
      rows: (a) => times(applications.evaluationCount(a), (k) => applications.evaluation(a, k)),
    },
    'candidate.listNotes': {
      parent: 'candidate',
      param: 'candidateId',
      rows: inherited((c) => times(candidates.noteCount(c), (k) => candidates.note(c, k))),
    },
    'candidate.listClientInfo': {
      parent: 'candidate',
      param: 'candidateId',
      rows: inherited((c) => times(candidates.clientInfoCount(c), (k) => candidates.clientInfo(c, k))),
    },
    'candidate.listFraudChecks': {
      parent: 'candidate',
      param: 'candidateId',
      rows: inherited((c) => times(candidates.fraudCheckCount(c), (k) => candidates.fraudCheck(c, k))),
    },
    'candidate.listProjects': {
      parent: 'candidate',
      param: 'candidateId',
      rows: (c) =>
        [...new Set([c, ...world.absorbed(c)].flatMap((each) => candidates.projectsOf(each)))].map((p) =>
          config.project(p, 0),
        ),
    },
    'interviewStage.list': {
      parent: 'interviewPlan',
      param: 'interviewPlanId',
      rows: (p) => times(parts.STAGE_COUNT, (k) => config.stage(parts.stageIndex(p, k))),
    },
    'interviewEvent.list': {
      parent: 'interviewSchedule',
      param: 'interviewScheduleId',
      rows: (s, _v, body) =>
        times(interviews.eventCount(s), (k) =>
          interviews.event(s, k, Array.isArray(body['expand']) && body['expand'].includes('interview')),
        ).filter(
          (row) =>
            typeof body['createdAfter'] !== 'number' || Date.parse(String(row['createdAt'])) > body['createdAfter'],
        ),
    },
    'user.listInterviewerPauses': {
      parent: 'user',
      param: 'userId',
      rows: (u) => times(extras.pauseCount(u), (k) => extras.pause(u, k)),
    },
  };
  return new Map(Object.entries(lists));
}

/** Answers of the single-object endpoints; throws what Ashby would refuse. */
export function makeSingles(
  data: Data,
  options: Pick<SimulatorOptions, 'mergedCandidateInfo'>,
): ReadonlyMap<string, (body: Body) => Row> {
  const { world, applications, candidates, extras, interviews, jobs } = data;
  const version = (table: TableName, index: number): number => world.state(table).version(index);
  const singles: Record<string, (body: Body) => Row> = {
    ...makeInfos(data),
    'application.info': (body) => {
      if ('applicationId' in body === 'submittedFormInstanceId' in body) {
        throw new ApiError('invalid_input', 'Give either applicationId or submittedFormInstanceId');
      }
      const form = world.index('formSubmission', body['submittedFormInstanceId']);
      const id =
        'applicationId' in body ? body['applicationId'] : form < 0 ? '' : world.id('application', Math.floor(form / 4));
      const a = find(data, 'application', id);
      return applications.detail(a, version('application', a), Array.isArray(body['expand']) ? body['expand'] : []);
    },
    'candidate.info': (body) => {
      if ('id' in body === 'externalMappingId' in body)
        throw new ApiError('invalid_input', 'Give either id or externalMappingId');
      const asked = world.index('candidate', body['id']);
      const survivor = world.survivor(asked);
      const c =
        survivor !== asked && options.mergedCandidateInfo === 'survivor'
          ? find(data, 'candidate', world.id('candidate', survivor))
          : find(data, 'candidate', body['id']);
      return JSON.parse(candidates.json(c, version('candidate', c))) as Row;
    },
    'jobInterviewPlan.info': (body) => extras.jobPlan(find(data, 'job', body['jobId'])),
    'jobPosting.info': (body) => {
      const p = find(data, 'jobPosting', body['jobPostingId']);
      if (jobs.postingDraft(p) && body['includeUnpublishedJobPostings'] !== true) {
        throw new ApiError('job_posting_not_found', 'No published job posting with this id');
      }
      return extras.postingDetail(
        p,
        version('jobPosting', p),
        Array.isArray(body['expand']) && body['expand'].includes('job'),
      );
    },
    'offer.info': (body) => {
      const o = find(data, 'offer', body['offerId']);
      const row = interviews.offer(o, version('offer', o), true);
      if (body['excludeFormDefinition'] === true) delete row['formDefinition'];
      return row;
    },
    'user.interviewerSettings': (body) => extras.interviewerSettings(find(data, 'user', body['userId'])),
    'notetakerTranscript.info': (body) => {
      const e = interviews.transcriptEvent(String(body['notetakerTranscriptId']));
      if (e < 0) throw new ApiError('notetaker_transcript_not_found', 'No transcript with this id');
      if (interviews.transcriptExpired(e))
        throw new ApiError('notetaker_transcript_expired', 'The transcript was deleted by the retention policy');
      return interviews.transcript(e);
    },
  };
  return new Map(Object.entries(singles));
}

/** Endpoints that do not exist at all while their feature is off. */
export const UNKNOWN_WHEN_OFF: ReadonlySet<keyof Features> = new Set(['takeHomes', 'sequences', 'referrals'] as const);
/** Codes of the other refusals; only those of the audit log and the notetaker are documented. */
export const OFF_CODES: Partial<Record<keyof Features, string>> = {
  auditLogs: 'audit_logs_not_enabled',
  notetaker: 'notetaker_transcript_not_enabled',
};
