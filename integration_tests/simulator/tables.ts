/** The tables behind the endpoints: their numbers (part of every id) and their sizes at a given scale. */

/** Number of each table; ids depend on it, so never renumber. */
export const T = {
  candidate: 1, application: 2, job: 3, jobPosting: 4, offer: 5, interview: 6, interviewSchedule: 7, user: 8,
  department: 9, location: 10, source: 11, sourceTrackingLink: 12, archiveReason: 13, candidateTag: 14,
  customField: 15, opening: 16, project: 17, applicationFeedback: 18, approval: 19, feedbackFormDefinition: 20,
  interviewPlan: 21, interviewStage: 22, interviewStageGroup: 23, interviewerPool: 24, surveyFormDefinition: 25,
  jobTemplate: 26, jobBoard: 27, applicationHiringTeamRole: 28, hiringTeamRole: 29, closeReason: 30,
  communicationTemplate: 31, brand: 32, surveyRequest: 33, surveySubmission: 34, takeHomeAssignment: 35,
  sequence: 36, sequenceTemplate: 37, referral: 38, auditLog: 39,
  // parts of rows, and rows that hang on a parent
  interviewEvent: 60, note: 61, clientInfo: 62, fraudCheck: 63, history: 64, evaluation: 65, pause: 66,
  transcript: 67, sourceType: 68, file: 69, formSubmission: 70, version: 71, field: 72, tier: 73, stage: 74,
  trainingPath: 75, approver: 76, step: 77, organization: 78, settings: 79, criterion: 80, signal: 81, activity: 82,
  team: 83, request: 84, definition: 85, calendar: 86, geo: 87, option: 88, participant: 89,
} as const;

export type TableName = keyof typeof T;

/** Rows of every listed table for `scale` applications. */
export function tableSizes(scale: number): Record<string, number> {
  const share = (part: number, least: number): number => Math.max(least, Math.round(scale * part));
  const jobs = Math.max(8, Math.round(1.2 * Math.sqrt(scale)));
  return {
    application: scale,
    candidate: share(0.75, 1),
    job: jobs,
    jobPosting: Math.round(jobs * 1.4) + 4,
    offer: share(0.06, 12),
    interview: 24 + jobs,
    interviewSchedule: share(0.4, 10),
    user: Math.max(14, Math.round(2 * Math.sqrt(scale))),
    department: 14,
    location: 20,
    source: 24,
    sourceTrackingLink: 18,
    archiveReason: 14,
    candidateTag: 26,
    customField: 30,
    opening: Math.round(jobs * 1.3),
    project: Math.max(10, Math.round(Math.sqrt(scale) / 2)),
    applicationFeedback: share(0.5, 10),
    approval: share(0.06, 9),
    feedbackFormDefinition: 10,
    interviewPlan: 6,
    interviewStageGroup: 6,
    interviewerPool: 6,
    surveyFormDefinition: 7,
    jobTemplate: 8,
    jobBoard: 3,
    applicationHiringTeamRole: 5,
    hiringTeamRole: 6,
    closeReason: 7,
    communicationTemplate: 9,
    brand: 3,
    surveyRequest: share(0.1, 8),
    surveySubmission: share(0.12, 12),
    takeHomeAssignment: share(0.04, 8),
    sequence: share(0.1, 8),
    sequenceTemplate: 7,
    referral: share(0.05, 8),
    auditLog: share(0.5, 20),
  };
}
