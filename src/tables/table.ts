import type { Permission } from '../ashby/permissions.ts';
import type {
  BoardsSource,
  Body,
  CallsSource,
  CustomFieldsPlace,
  JournalSource,
  ListEndpoint,
  ListSource,
  Revisit,
  Table,
} from './definition.ts';
import { insideTables } from './inside-tables.ts';

/*
 * THE TABLE: one row a stream. To add a stream, add a row here, `schemas/<name>.json`, and the simulator's data.
 * Order matters a little: streams start in this order, so the longest lists come first.
 *
 * Endpoints, permissions and parameters are those of Ashby's OpenAPI description (June 2026) and of its
 * documentation and changelog up to October 2026.
 */

type Rest = Partial<Omit<Table, 'name' | 'source'>>;

/** A list whose description names `limit`, `cursor` and `moreDataAvailable`. */
function paged(
  endpoint: string,
  permission: Permission,
  more: Partial<ListSource> = {},
): ListEndpoint & Partial<ListSource> {
  return { endpoint, permission, sendsLimit: true, more: 'said', ...more };
}

/** A list whose request names no `limit`, and whose answer names `moreDataAvailable`; a `cursor` is sent only if one came back. */
function unpaged(
  endpoint: string,
  permission: Permission,
  more: Partial<ListSource> = {},
): ListEndpoint & Partial<ListSource> {
  return { endpoint, permission, sendsLimit: false, more: 'said', ...more };
}

/** A list whose description has no paging at all, or, for jobPosting.list, whose live answers have none. */
function whole(
  endpoint: string,
  permission: Permission,
  more: Partial<ListSource> = {},
): ListEndpoint & Partial<ListSource> {
  return { endpoint, permission, sendsLimit: false, more: 'said-if-at-all', ...more };
}

/** A list that gives sync tokens: later runs read what changed since. */
function token(name: string, list: ListEndpoint & Partial<ListSource>, rest: Rest = {}): Table {
  return { name, key: ['id'], source: { ...list, kind: 'list', givesToken: true }, ...rest };
}

/** A list without tokens: read whole in every run. */
function snapshot(name: string, list: ListEndpoint & Partial<ListSource>, rest: Rest = {}): Table {
  return { name, key: ['id'], source: { ...list, kind: 'list', givesToken: false }, ...rest };
}

/** Asked once without a board and once for each; rows are merged. */
function boards(name: string, parent: string, list: ListEndpoint, rest: Rest = {}): Table {
  return { name, key: ['id'], source: { ...list, kind: 'boards', parent } satisfies BoardsSource, ...rest };
}

/** Asked for windows of time. */
function journal(name: string, list: ListEndpoint, rest: Rest = {}): Table {
  return { name, key: ['id'], source: { ...list, kind: 'journal' } satisfies JournalSource, ...rest };
}

/** Asks whether a row that is missing from the list is gone. */
function info(endpoint: string, permission: Permission, parameter = 'id'): Rest {
  return { info: { endpoint, permission, parameter } };
}

/** Its rows hold values of the custom fields that are set on objects of these types, in `customFields` or at another place. */
function customFields(of: readonly string[], at: CustomFieldsPlace['at'] = ['customFields']): Rest {
  return { customFields: { of, at } };
}

type Calls = Omit<CallsSource, 'kind' | 'parent' | 'endpoint' | 'follow'> & Partial<Pick<CallsSource, 'follow'>>;

function calls(name: string, parent: string, endpoint: string, source: Calls, rest: Rest = {}): Table {
  return { name, key: ['id'], source: { kind: 'calls', follow: 'changed', parent, endpoint, ...source }, ...rest };
}

const ofApplication = { permission: 'candidatesRead', parameter: 'applicationId' } as const;
const ofCandidate = { permission: 'candidatesRead', parameter: 'candidateId', answer: 'pages', more: 'said' } as const;
/** A pause, a limit or a stage changes without its user or plan, so all of them are asked about once a day. */
const daily: Revisit = { everyHours: 24 };
const ofUser = {
  permission: 'organizationRead',
  parameter: 'userId',
  revisit: { ...daily, except: { field: 'isEnabled', is: false } },
} as const;
const expandApplication: Body = { expand: ['openings', 'applicationFormSubmissions', 'referrals'] };

export const streams: readonly Table[] = [
  // People and their applications
  token('candidates', paged('candidate.list', 'candidatesRead', { startDateApplies: true }), {
    info: { endpoint: 'candidate.info', permission: 'candidatesRead', parameter: 'id', merges: true },
    ...customFields(['Candidate']),
  }),
  token(
    'applications',
    paged('application.list', 'candidatesRead', { body: { expand: ['openings'] }, startDateApplies: true }),
    { ...info('application.info', 'candidatesRead', 'applicationId'), ...customFields(['Application']) },
  ),
  token('application_feedback', paged('applicationFeedback.list', 'candidatesRead')),
  token('interview_schedules', paged('interviewSchedule.list', 'interviewsRead')),
  token('offers', paged('offer.list', 'offersRead'), {
    ...info('offer.info', 'offersRead', 'offerId'),
    // Ashby's list of definitions says Offer and Opening; what makes a definition says Offer_Version and Opening_Version.
    ...customFields(['Offer', 'Offer_Version'], ['latestVersion', 'customFields']),
  }),
  token('approvals', paged('approval.list', 'approvalsRead')),

  // Jobs
  token(
    'jobs',
    paged('job.list', 'jobsRead', {
      body: {
        status: ['Draft', 'Open', 'Closed', 'Archived'],
        includeUnpublishedJobPostingsIds: true,
        expand: ['location', 'openings'],
      },
    }),
    { ...info('job.info', 'jobsRead'), ...customFields(['Job']) },
  ),
  boards(
    'job_postings',
    'job_boards',
    whole('jobPosting.list', 'jobsRead', {
      body: { includeUnpublishedJobPostings: true },
      newKeys: ['includeUnpublishedJobPostings'],
    }),
  ),
  token('openings', paged('opening.list', 'jobsRead', { more: 'said-or-token' }), {
    ...info('opening.info', 'jobsRead', 'openingId'),
    ...customFields(['Opening', 'Opening_Version'], ['latestVersion', 'customFields']),
  }),
  token('job_templates', paged('jobTemplate.list', 'jobsRead', { body: { expand: ['location'] } })),
  snapshot('job_boards', unpaged('jobBoard.list', 'jobsRead')),

  // Interviews
  token(
    'interviews',
    paged('interview.list', 'interviewsRead', { body: { includeArchived: true, includeNonSharedInterviews: true } }),
    info('interview.info', 'interviewsRead'),
  ),
  token('interview_plans', paged('interviewPlan.list', 'interviewsRead', { body: { includeArchived: true } })),
  snapshot('interview_stage_groups', whole('interviewStageGroup.list', 'interviewsRead')),
  token(
    'interviewer_pools',
    paged('interviewerPool.list', 'hiringProcessMetadataRead', {
      body: { includeArchivedPools: true, includeArchivedTrainingStages: true },
    }),
    info('interviewerPool.info', 'hiringProcessMetadataRead', 'interviewerPoolId'),
  ),
  snapshot(
    'take_home_assignments',
    unpaged('takeHomeAssignment.list', 'interviewsRead', { body: { expand: ['interview'] } }),
    {
      mayBeAbsent: true,
    },
  ),

  // The organisation
  token(
    'users',
    paged('user.list', 'organizationRead', { body: { includeDeactivated: true } }),
    info('user.info', 'organizationRead', 'userId'),
  ),
  token(
    'departments',
    paged('department.list', 'organizationRead', { body: { includeArchived: true } }),
    info('department.info', 'organizationRead', 'departmentId'),
  ),
  token(
    'locations',
    paged('location.list', 'organizationRead', { body: { includeArchived: true, includeLocationHierarchy: true } }),
    info('location.info', 'organizationRead', 'locationId'),
  ),
  snapshot('hiring_team_roles', whole('hiringTeamRole.list', 'organizationRead', { body: { namesOnly: false } })),
  snapshot('brands', paged('brand.list', 'organizationRead')),

  // How hiring is set up
  snapshot('sources', unpaged('source.list', 'hiringProcessMetadataRead', { body: { includeArchived: true } })),
  snapshot(
    'source_tracking_links',
    unpaged('sourceTrackingLink.list', 'hiringProcessMetadataRead', { body: { includeDisabled: true } }),
  ),
  snapshot(
    'archive_reasons',
    whole('archiveReason.list', 'hiringProcessMetadataRead', { body: { includeArchived: true } }),
  ),
  snapshot(
    'close_reasons',
    unpaged('closeReason.list', 'hiringProcessMetadataRead', { body: { includeArchived: true } }),
  ),
  token('candidate_tags', paged('candidateTag.list', 'hiringProcessMetadataRead', { body: { includeArchived: true } })),
  token(
    'custom_fields',
    paged('customField.list', 'hiringProcessMetadataRead', {
      body: { includeArchived: true },
      newKeys: ['includeArchived'],
    }),
    info('customField.info', 'hiringProcessMetadataRead', 'customFieldId'),
  ),
  token(
    'feedback_form_definitions',
    paged('feedbackFormDefinition.list', 'hiringProcessMetadataRead', { body: { includeArchived: true } }),
  ),
  token('survey_form_definitions', paged('surveyFormDefinition.list', 'hiringProcessMetadataRead')),
  snapshot('communication_templates', whole('communicationTemplate.list', 'hiringProcessMetadataRead')),
  snapshot('application_hiring_team_roles', whole('applicationHiringTeamRole.list', 'candidatesRead')),

  // Projects, surveys, sourcing, audit
  token('projects', paged('project.list', 'candidatesRead'), {
    ...info('project.info', 'candidatesRead', 'projectId'),
    ...customFields(['Talent_Project'], ['customFieldEntries']),
  }),
  token('survey_requests', paged('surveyRequest.list', 'candidatesRead', { surveyTypes: ['CandidateExperience'] })),
  token(
    'survey_submissions',
    paged('surveySubmission.list', 'candidatesRead', {
      surveyTypes: ['CandidateExperience', 'Questionnaire', 'HiringManagerExperience'],
    }),
  ),
  snapshot('referrals', unpaged('referral.list', 'candidatesRead'), { mayBeAbsent: true }),
  snapshot('sequences', unpaged('sequence.list', 'sourcingRead'), { mayBeAbsent: true }),
  snapshot(
    'sequence_templates',
    unpaged('sequenceTemplate.list', 'sourcingRead', { body: { includeArchived: true } }),
    { mayBeAbsent: true },
  ),
  journal('audit_log', paged('auditLog.list', 'auditLogsRead'), { mayBeAbsent: true }),

  // One call for each parent
  calls(
    'application_history',
    'applications',
    'application.listHistory',
    { ...ofApplication, answer: 'pages', more: 'said' },
    { parentIdField: 'applicationId' },
  ),
  calls(
    'application_criteria_evaluations',
    'applications',
    'application.listCriteriaEvaluations',
    { ...ofApplication, answer: 'pages', more: 'said' },
    { parentIdField: 'applicationId', key: ['_key'], addsKey: true, mayBeAbsent: true },
  ),
  calls('application_details', 'applications', 'application.info', {
    ...ofApplication,
    body: expandApplication,
    answer: 'object',
    echo: 'id',
  }),
  calls('candidate_notes', 'candidates', 'candidate.listNotes', ofCandidate, { parentIdField: 'candidateId' }),
  calls('candidate_projects', 'candidates', 'candidate.listProjects', ofCandidate, {
    parentIdField: 'candidateId',
    key: ['_key'],
    addsKey: true,
  }),
  calls('candidate_client_info', 'candidates', 'candidate.listClientInfo', ofCandidate, {
    parentIdField: 'candidateId',
  }),
  calls('candidate_fraud_checks', 'candidates', 'candidate.listFraudChecks', ofCandidate, {
    parentIdField: 'candidateId',
    mayBeAbsent: true,
  }),
  calls('offer_details', 'offers', 'offer.info', {
    permission: 'offersRead',
    parameter: 'offerId',
    answer: 'object',
    echo: 'id',
  }),
  calls(
    'job_interview_plans',
    'jobs',
    'jobInterviewPlan.info',
    { permission: 'jobsRead', parameter: 'jobId', answer: 'object' },
    { parentIdField: 'jobId', idField: null, key: ['jobId'] },
  ),
  calls('job_posting_details', 'job_postings', 'jobPosting.info', {
    permission: 'jobsRead',
    parameter: 'jobPostingId',
    body: { includeUnpublishedJobPostings: true },
    newKeys: ['includeUnpublishedJobPostings'],
    answer: 'object',
    echo: 'id',
    follow: 'moved',
  }),
  calls('interviewer_pool_details', 'interviewer_pools', 'interviewerPool.info', {
    permission: 'hiringProcessMetadataRead',
    parameter: 'interviewerPoolId',
    answer: 'object',
    echo: 'id',
  }),
  calls(
    'interview_stages',
    'interview_plans',
    'interviewStage.list',
    { permission: 'interviewsRead', parameter: 'interviewPlanId', answer: 'list', more: 'said', revisit: daily },
    { parentIdField: 'interviewPlanId' },
  ),
  calls(
    'interviewer_pauses',
    'users',
    'user.listInterviewerPauses',
    { ...ofUser, answer: 'list' },
    { parentIdField: 'userId' },
  ),
  calls(
    'interviewer_settings',
    'users',
    'user.interviewerSettings',
    { ...ofUser, answer: 'object' },
    { parentIdField: 'userId', idField: null, key: ['userId'] },
  ),
  calls(
    'notetaker_transcripts',
    'interview_events',
    'notetakerTranscript.info',
    {
      permission: 'notetakerRead',
      parentField: 'notetakerTranscriptId',
      parameter: 'notetakerTranscriptId',
      answer: 'object',
      echo: 'id',
    },
    { cuts: ['transcriptUrl'], mayBeAbsent: true },
  ),

  // Inside the rows of others
  ...insideTables,
];

/** Made of the other tables' walks, at their cost: read only by those who choose it. */
export const liveKeys: Table = { name: 'live_keys', source: { kind: 'keys' }, key: ['_key'], idField: null };

/** All that discover offers. */
export const offered: readonly Table[] = [...streams, liveKeys];
