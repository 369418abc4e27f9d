/*
 * What events say about the rows of other tables. An event is a signal, never a row: it may be late, doubled, or show
 * what the key must not see. So what it names is asked for anew, and what it says is gone is asked for before it is
 * buried.
 */

/** Where an event names an object: the table whose row that is, and the path of its id in `data`. */
export interface Naming {
  table: string;
  path: string;
  /** The path of the object's creation time, where the event tells it. */
  createdAt?: string;
}

const application: readonly Naming[] = [
  { table: 'applications', path: 'application.id', createdAt: 'application.createdAt' },
  { table: 'candidates', path: 'application.candidate.id' },
];
const ofApplication = (path: string): Naming[] => [
  { table: 'applications', path: `${path}.applicationId` },
  { table: 'candidates', path: `${path}.candidateId` },
];
const offer: readonly Naming[] = [{ table: 'offers', path: 'offer.id' }, ...ofApplication('offer')];
const posting: readonly Naming[] = [{ table: 'job_postings', path: 'jobPosting.id' }];
const takeHome = ofApplication('takeHomeAssignment');

/** What each action names as living, of the tables for whose rows calls are made. */
export const namedBy: Readonly<Record<string, readonly Naming[]>> = {
  applicationSubmit: application,
  applicationUpdate: application,
  candidateStageChange: application,
  candidateHire: [...application, { table: 'offers', path: 'offer.id' }],
  pushToHRIS: application,
  candidateMerge: [{ table: 'candidates', path: 'mergedCandidate.id' }],
  candidateRecentEmailMessagesUpdated: [{ table: 'candidates', path: 'candidate.id' }],
  interviewPlanTransition: [
    { table: 'jobs', path: 'jobId' },
    { table: 'interview_plans', path: 'fromInterviewPlan.id' },
    { table: 'interview_plans', path: 'toInterviewPlan.id' },
  ],
  interviewScheduleCreate: ofApplication('interviewSchedule'),
  interviewScheduleUpdate: ofApplication('interviewSchedule'),
  jobCreate: [{ table: 'jobs', path: 'job.id' }],
  jobUpdate: [{ table: 'jobs', path: 'job.id' }],
  jobPostingUpdate: posting,
  jobPostingPublish: posting,
  jobPostingUnpublish: posting,
  offerCreate: offer,
  offerUpdate: offer,
  offerDelete: ofApplication('offer'),
  signatureRequestUpdate: [
    { table: 'offers', path: 'offerId' },
    { table: 'applications', path: 'applicationId' },
  ],
  surveySubmit: ofApplication('surveySubmission'),
  takeHomeAssignmentAssigned: takeHome,
  takeHomeAssignmentSubmitted: takeHome,
  takeHomeAssignmentCompleted: takeHome,
  takeHomeAssignmentCancelled: takeHome,
};

/** What each action says is gone. */
export const goneBy: Readonly<Record<string, readonly Naming[]>> = {
  candidateDelete: [{ table: 'candidates', path: 'candidate.id' }],
  candidateMerge: [{ table: 'candidates', path: 'deletedCandidate.id' }],
  offerDelete: [{ table: 'offers', path: 'offer.id' }],
  jobPostingDelete: [{ table: 'job_postings', path: 'jobPosting.id' }],
};

const named = new Set(Object.values(namedBy).flatMap((namings) => namings.map(({ table }) => table)));
const gone = new Set(Object.values(goneBy).flatMap((namings) => namings.map(({ table }) => table)));

/** Whether some event names rows of this table. */
export function isNamedByEvents(table: string): boolean {
  return named.has(table);
}

/** Whether some event says that rows of this table are gone. */
export function isBuriedByEvents(table: string): boolean {
  return gone.has(table);
}

/** What lies at a path of names with dots between them. */
export function at(value: unknown, path: string): unknown {
  let part = value;
  for (const name of path === '' ? [] : path.split('.')) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) return undefined;
    part = (part as Record<string, unknown>)[name]; // an object that has it, by the line above
  }
  return part;
}
