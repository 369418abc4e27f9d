/**
 * Ashby's endpoints as its documentation describes them, one row each, written down a second time on purpose: neither
 * the connector nor the simulator is asked, so that a mistake in one belief shows against the other.
 */

/** What an endpoint answers with: a list in pages, a list in one piece, one object, or the audit log's windows. */
export type Answers = 'pages' | 'list' | 'object' | 'journal';

export interface Endpoint {
  stream: string;
  answers: Answers;
  /** Whether the last page carries a sync token, and requests may bring one. */
  token: boolean;
  /** Parameters beside `limit`, `cursor` and `syncToken`; any other is refused. */
  takes: readonly string[];
  /** The parameter that names the parent, and the endpoint of the parents' list. */
  parent?: { parameter: string; of: string };
  /** What answers say about how the list goes on: everything, no `moreDataAvailable`, or nothing at all. */
  paging: 'whole' | 'cursor alone' | 'none';
}

const paged = (stream: string, ...takes: string[]): Endpoint => ({
  stream,
  answers: 'pages',
  token: false,
  takes,
  paging: 'whole',
});
const synced = (stream: string, ...takes: string[]): Endpoint => ({ ...paged(stream, ...takes), token: true });
const whole = (stream: string, ...takes: string[]): Endpoint => ({ ...paged(stream, ...takes), answers: 'list' });
/** A list in one piece whose documented answer is `success` and `results` alone. */
const bare = (stream: string, ...takes: string[]): Endpoint => ({ ...whole(stream, ...takes), paging: 'none' });
const calls = (stream: string, answers: Answers, [of, parameter]: readonly [string, string], ...takes: string[]) =>
  ({ ...paged(stream, ...takes), answers, parent: { parameter, of } }) satisfies Endpoint;

const application = ['application.list', 'applicationId'] as const;
const candidate = ['candidate.list', 'candidateId'] as const;
const user = ['user.list', 'userId'] as const;

export const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'application.list': synced('applications', 'expand', 'status', 'jobId', 'createdAfter', 'createdBefore'),
  'applicationFeedback.list': synced('application_feedback'),
  'approval.list': synced('approvals'),
  'candidate.list': synced('candidates', 'createdAfter', 'createdBefore'),
  'candidateTag.list': synced('candidate_tags', 'includeArchived'),
  'customField.list': synced('custom_fields', 'includeArchived'),
  'department.list': synced('departments', 'includeArchived'),
  'feedbackFormDefinition.list': synced('feedback_form_definitions', 'includeArchived'),
  'interview.list': synced('interviews', 'includeArchived', 'includeNonSharedInterviews'),
  'interviewPlan.list': synced('interview_plans', 'includeArchived'),
  'interviewSchedule.list': synced('interview_schedules'),
  'interviewerPool.list': synced('interviewer_pools', 'includeArchivedPools', 'includeArchivedTrainingStages'),
  'job.list': synced('jobs', 'status', 'includeUnpublishedJobPostingsIds', 'expand'),
  'jobTemplate.list': synced('job_templates', 'expand'),
  'location.list': synced('locations', 'includeArchived', 'includeLocationHierarchy'),
  'offer.list': synced('offers'),
  'opening.list': { ...synced('openings'), paging: 'cursor alone' },
  'project.list': synced('projects'),
  'surveyFormDefinition.list': synced('survey_form_definitions'),
  'surveyRequest.list': synced('survey_requests', 'surveyType'),
  'surveySubmission.list': synced('survey_submissions', 'surveyType'),
  'user.list': synced('users', 'includeDeactivated'),

  'brand.list': paged('brands'),
  'referral.list': paged('referrals'),
  'sequence.list': paged('sequences'),
  'sequenceTemplate.list': paged('sequence_templates', 'includeArchived'),
  'sourceTrackingLink.list': paged('source_tracking_links', 'includeDisabled'),
  'takeHomeAssignment.list': paged('take_home_assignments', 'expand'),
  'auditLog.list': { ...paged('audit_log', 'startDate', 'endDate'), answers: 'journal' },

  'applicationHiringTeamRole.list': bare('application_hiring_team_roles'),
  'archiveReason.list': bare('archive_reasons', 'includeArchived'),
  'closeReason.list': whole('close_reasons', 'includeArchived'),
  'communicationTemplate.list': bare('communication_templates'),
  'hiringTeamRole.list': bare('hiring_team_roles', 'namesOnly'),
  'interviewStageGroup.list': bare('interview_stage_groups'),
  'jobBoard.list': whole('job_boards'),
  'jobPosting.list': bare('job_postings', 'jobBoardId', 'includeUnpublishedJobPostings'),
  'source.list': whole('sources', 'includeArchived'),

  'application.info': calls('application_details', 'object', application, 'expand'),
  'application.listCriteriaEvaluations': calls('application_criteria_evaluations', 'pages', application),
  'application.listHistory': calls('application_history', 'pages', application),
  'candidate.listClientInfo': calls('candidate_client_info', 'pages', candidate),
  'candidate.listFraudChecks': calls('candidate_fraud_checks', 'pages', candidate),
  'candidate.listNotes': calls('candidate_notes', 'pages', candidate),
  'candidate.listProjects': calls('candidate_projects', 'pages', candidate),
  'interviewStage.list': calls('interview_stages', 'list', ['interviewPlan.list', 'interviewPlanId']),
  'interviewerPool.info': calls('interviewer_pool_details', 'object', ['interviewerPool.list', 'interviewerPoolId']),
  'jobInterviewPlan.info': calls('job_interview_plans', 'object', ['job.list', 'jobId']),
  'jobPosting.info': calls(
    'job_posting_details',
    'object',
    ['jobPosting.list', 'jobPostingId'],
    'includeUnpublishedJobPostings',
    'expand',
    'jobBoardId',
  ),
  'notetakerTranscript.info': calls('notetaker_transcripts', 'object', [
    'interviewSchedule.list',
    'notetakerTranscriptId',
  ]),
  'offer.info': calls('offer_details', 'object', ['offer.list', 'offerId']),
  'user.interviewerSettings': calls('interviewer_settings', 'object', user),
  'user.listInterviewerPauses': { ...calls('interviewer_pauses', 'list', user), paging: 'none' },
};

/** The endpoint that a stream's rows come from; interview events lie inside the rows of schedules. */
export function endpointOf(stream: string): string {
  const found = Object.entries(ENDPOINTS).find(([, endpoint]) => endpoint.stream === stream);
  if (!found) throw new Error(`${stream} has no endpoint of its own`);
  return found[0];
}
