import type { Fields } from '../ashby/rows/rows.ts';
import type { Table } from './definition.ts';

/** Columns that hold an id, and where in the row it lies. */
export type FlatIds = Readonly<Record<string, string>>;

const application: FlatIds = {
  candidateId: 'candidate.id',
  jobId: 'job.id',
  currentInterviewStageId: 'currentInterviewStage.id',
  sourceId: 'source.id',
  archiveReasonId: 'archiveReason.id',
  creditedToUserId: 'creditedToUser.id',
};
const offer: FlatIds = { latestVersionId: 'latestVersion.id', authorId: 'latestVersion.author.id' };

/**
 * THE IDS THAT ARE MADE COLUMNS, by table: where a row holds an object with an id, the id is put beside it, so that a
 * join needs no JSON, and so that the object can be left out without losing it. They are named as Ashby names such
 * fields elsewhere: the object's name and `Id`. Where Ashby sends the field itself, its value stands.
 *
 * Not among them: `candidates.location`, which is a place on a map and not a row of `locations`.
 */
const ids: Readonly<Record<string, FlatIds>> = {
  applications: application,
  application_details: { ...application, resumeFileHandleId: 'resumeFileHandle.id' },
  application_feedback: { submittedByUserId: 'submittedByUser.id', creditedToUserId: 'creditedToUser.id' },
  application_criteria_evaluations: { criterionId: 'criterion.id' },
  audit_log: {
    actorId: 'actor.id',
    targetId: 'target.id',
    requestId: 'request.id',
    parentActionId: 'parentAction.id',
  },
  candidates: {
    sourceId: 'source.id',
    creditedToUserId: 'creditedToUser.id',
    resumeFileHandleId: 'resumeFileHandle.id',
  },
  candidate_notes: { authorId: 'author.id' },
  interview_events: { interviewId: 'interview.id' },
  interview_schedules: { scheduledById: 'scheduledBy.id' },
  interviewer_pools: { trainingPathId: 'trainingPath.id' },
  interviewer_pool_details: { trainingPathId: 'trainingPath.id' },
  job_templates: { locationId: 'location.id' },
  jobs: { authorId: 'author.id', locationId: 'location.id' },
  offers: offer,
  offer_details: offer,
  offer_versions: { authorId: 'author.id' },
  openings: { latestVersionId: 'latestVersion.id' },
  referrals: { referrerId: 'referrer.id' },
  sources: { sourceTypeId: 'sourceType.id' },
  take_home_assignments: { interviewId: 'interview.id', submissionId: 'submission.id' },
};

/** The names of the tables that have such columns. */
export const tablesWithIds: readonly string[] = Object.keys(ids);

export function flatIdsOf({ name }: Pick<Table, 'name'>): FlatIds | undefined {
  return Object.hasOwn(ids, name) ? ids[name] : undefined;
}

/** The ids that a row lacks; null where there is no object, or one without an id that is a text. */
export function missingIds(flat: FlatIds | undefined, row: Fields): Record<string, string | null> {
  const added: Record<string, string | null> = {};
  for (const name in flat) {
    const own = row[name];
    if (own !== undefined && own !== null) continue;
    const found = idAt(row, flat[name] ?? '');
    if (found !== null || own === undefined) added[name] = found;
  }
  return added;
}

function idAt(row: Fields, path: string): string | null {
  let found: unknown = row;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null) return null;
    found = (found as Fields)[name]; // an object; of a list nothing is found by a name
  }
  return typeof found === 'string' ? found : null;
}
