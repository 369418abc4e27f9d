import type { Permission } from '../ashby/permissions.ts';
import type {
  AppendStream,
  ChildStream,
  EmbeddedStream,
  ListSource,
  SnapshotStream,
  StreamDefinition,
  TokenStream,
} from './definition.ts';

/*
 * THE TABLE: one row a stream. To add a stream, add a row here, `schemas/<name>.json`, and the simulator's data.
 * Order matters a little: streams start in this order, so the longest lists come first.
 *
 * Endpoints, permissions and parameters are those of Ashby's OpenAPI description (June 2026) and of its
 * documentation and changelog up to October 2026.
 */

type Extra<T> = Partial<Omit<T, 'name' | 'strategy' | 'list' | 'parent' | 'endpoint'>>;

/** A list whose endpoint documents `limit` and `cursor`. */
function paged(endpoint: string, permission: Permission, more: Partial<ListSource> = {}): ListSource {
  return { endpoint, permission, sendsLimit: true, ...more };
}

/** A list whose endpoint documents no paging: no `limit` is sent, and a `cursor` only if one came back. */
function unpaged(endpoint: string, permission: Permission, more: Partial<ListSource> = {}): ListSource {
  return { endpoint, permission, sendsLimit: false, ...more };
}

function token(name: string, list: ListSource, extra: Extra<TokenStream> = {}): TokenStream {
  return { name, strategy: 'token', primaryKey: 'id', list, ...extra };
}

function snapshot(name: string, list: ListSource, extra: Extra<SnapshotStream> = {}): SnapshotStream {
  return { name, strategy: 'snapshot', primaryKey: 'id', list, ...extra };
}

function embedded(name: string, parent: string, row: Pick<EmbeddedStream, 'field' | 'parentIdField'>): EmbeddedStream {
  return { name, strategy: 'embedded', primaryKey: 'id', parent, ...row };
}

type ChildRow = Pick<ChildStream, 'permission' | 'parentParameter' | 'answer'> & Extra<ChildStream>;

function child(name: string, parent: string, endpoint: string, row: ChildRow): ChildStream {
  return { name, strategy: 'child', primaryKey: 'id', followUp: 'changed', parent, endpoint, ...row };
}

function append(name: string, list: ListSource, extra: Extra<AppendStream> = {}): AppendStream {
  return { name, strategy: 'append', primaryKey: 'id', list, ...extra };
}

const ofApplication = { permission: 'candidatesRead', parentParameter: 'applicationId' } as const;
const ofCandidate = {
  permission: 'candidatesRead',
  parentParameter: 'candidateId',
  parentIdField: 'candidateId',
} as const;
const ofUser = {
  permission: 'organizationRead',
  parentParameter: 'userId',
  parentIdField: 'userId',
  followUp: 'all',
} as const;

export const streams: readonly StreamDefinition[] = [
  // People and their applications
  token('candidates', paged('candidate.list', 'candidatesRead', { startDateApplies: true })),
  token(
    'applications',
    paged('application.list', 'candidatesRead', { body: { expand: ['openings'] }, startDateApplies: true }),
  ),
  token('application_feedback', paged('applicationFeedback.list', 'candidatesRead')),
  token('interview_schedules', paged('interviewSchedule.list', 'interviewsRead')),
  embedded('interview_events', 'interview_schedules', {
    field: 'interviewEvents',
    parentIdField: 'interviewScheduleId',
  }),
  token('offers', paged('offer.list', 'offersRead')),
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
  ),
  snapshot(
    'job_postings',
    unpaged('jobPosting.list', 'jobsRead', {
      body: { includeUnpublishedJobPostings: true },
      newKeys: ['includeUnpublishedJobPostings'],
    }),
    { overJobBoards: true },
  ),
  token('openings', paged('opening.list', 'jobsRead')),
  token('job_templates', paged('jobTemplate.list', 'jobsRead', { body: { expand: ['location'] } })),
  snapshot('job_boards', unpaged('jobBoard.list', 'jobsRead')),

  // Interviews
  token(
    'interviews',
    paged('interview.list', 'interviewsRead', { body: { includeArchived: true, includeNonSharedInterviews: true } }),
  ),
  token('interview_plans', paged('interviewPlan.list', 'interviewsRead', { body: { includeArchived: true } })),
  snapshot('interview_stage_groups', unpaged('interviewStageGroup.list', 'interviewsRead')),
  token(
    'interviewer_pools',
    paged('interviewerPool.list', 'hiringProcessMetadataRead', {
      body: { includeArchivedPools: true, includeArchivedTrainingStages: true },
    }),
  ),
  snapshot(
    'take_home_assignments',
    unpaged('takeHomeAssignment.list', 'interviewsRead', { body: { expand: ['interview'] } }),
    {
      mayBeAbsent: true,
    },
  ),

  // The organisation
  token('users', paged('user.list', 'organizationRead', { body: { includeDeactivated: true } })),
  token('departments', paged('department.list', 'organizationRead', { body: { includeArchived: true } })),
  token(
    'locations',
    paged('location.list', 'organizationRead', { body: { includeArchived: true, includeLocationHierarchy: true } }),
  ),
  snapshot('hiring_team_roles', unpaged('hiringTeamRole.list', 'organizationRead', { body: { namesOnly: false } })),
  snapshot('brands', paged('brand.list', 'organizationRead')),

  // How hiring is set up
  snapshot('sources', unpaged('source.list', 'hiringProcessMetadataRead', { body: { includeArchived: true } })),
  snapshot(
    'source_tracking_links',
    unpaged('sourceTrackingLink.list', 'hiringProcessMetadataRead', { body: { includeDisabled: true } }),
  ),
  snapshot(
    'archive_reasons',
    unpaged('archiveReason.list', 'hiringProcessMetadataRead', { body: { includeArchived: true } }),
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
  ),
  token(
    'feedback_form_definitions',
    paged('feedbackFormDefinition.list', 'hiringProcessMetadataRead', { body: { includeArchived: true } }),
  ),
  token('survey_form_definitions', paged('surveyFormDefinition.list', 'hiringProcessMetadataRead')),
  snapshot('communication_templates', unpaged('communicationTemplate.list', 'hiringProcessMetadataRead')),
  snapshot('application_hiring_team_roles', unpaged('applicationHiringTeamRole.list', 'candidatesRead')),

  // Projects, surveys, sourcing, audit
  token('projects', paged('project.list', 'candidatesRead')),
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
  append('audit_log', unpaged('auditLog.list', 'auditLogsRead'), { mayBeAbsent: true }),

  // One call for each parent
  child('application_history', 'applications', 'application.listHistory', {
    ...ofApplication,
    parentIdField: 'applicationId',
    answer: 'pages',
  }),
  child('application_criteria_evaluations', 'applications', 'application.listCriteriaEvaluations', {
    ...ofApplication,
    parentIdField: 'applicationId',
    primaryKey: '_key',
    answer: 'pages',
    mayBeAbsent: true,
  }),
  child('application_details', 'applications', 'application.info', {
    ...ofApplication,
    body: { expand: ['openings', 'applicationFormSubmissions', 'referrals'] },
    answer: 'object',
  }),
  child('candidate_notes', 'candidates', 'candidate.listNotes', { ...ofCandidate, answer: 'pages' }),
  child('candidate_projects', 'candidates', 'candidate.listProjects', {
    ...ofCandidate,
    primaryKey: '_key',
    answer: 'pages',
  }),
  child('candidate_client_info', 'candidates', 'candidate.listClientInfo', { ...ofCandidate, answer: 'pages' }),
  child('candidate_fraud_checks', 'candidates', 'candidate.listFraudChecks', {
    ...ofCandidate,
    answer: 'pages',
    mayBeAbsent: true,
  }),
  child('offer_details', 'offers', 'offer.info', {
    permission: 'offersRead',
    parentParameter: 'offerId',
    answer: 'object',
  }),
  child('job_interview_plans', 'jobs', 'jobInterviewPlan.info', {
    permission: 'jobsRead',
    parentParameter: 'jobId',
    parentIdField: 'jobId',
    primaryKey: 'jobId',
    answer: 'object',
  }),
  child('job_posting_details', 'job_postings', 'jobPosting.info', {
    permission: 'jobsRead',
    parentParameter: 'jobPostingId',
    body: { includeUnpublishedJobPostings: true },
    newKeys: ['includeUnpublishedJobPostings'],
    answer: 'object',
    followUp: 'moved',
  }),
  child('interview_stages', 'interview_plans', 'interviewStage.list', {
    permission: 'interviewsRead',
    parentParameter: 'interviewPlanId',
    parentIdField: 'interviewPlanId',
    answer: 'list',
    followUp: 'all',
  }),
  child('interviewer_pauses', 'users', 'user.listInterviewerPauses', { ...ofUser, answer: 'list' }),
  child('interviewer_settings', 'users', 'user.interviewerSettings', {
    ...ofUser,
    primaryKey: 'userId',
    answer: 'object',
  }),
  child('notetaker_transcripts', 'interview_schedules', 'notetakerTranscript.info', {
    permission: 'notetakerRead',
    parentParameter: 'notetakerTranscriptId',
    idsIn: { list: 'interviewEvents', field: 'notetakerTranscriptId' },
    answer: 'object',
    omit: ['transcriptUrl'],
    mayBeAbsent: true,
  }),
];

const byName = new Map(streams.map((stream) => [stream.name, stream]));

/** The row of that name, if there is one. */
export function findStream(name: string): StreamDefinition | undefined {
  return byName.get(name);
}

/** A stream that is read from a list of its own, and can be the parent of others. */
export type ListStream = TokenStream | SnapshotStream | AppendStream;

/** The list that a stream's rows, or the ids that it asks for, come from. */
export function listOf(stream: StreamDefinition): ListStream {
  if (stream.strategy !== 'child' && stream.strategy !== 'embedded') return stream;
  const parent = byName.get(stream.parent);
  if (!parent || parent.strategy === 'child' || parent.strategy === 'embedded')
    throw new Error(`${stream.name} has no list for a parent`);
  return parent;
}

/** Every permission that reading the stream takes: its own endpoint's and its parent's. */
export function permissionsOf(stream: StreamDefinition): Permission[] {
  const own = stream.strategy === 'child' ? [stream.permission] : [];
  return [...new Set([...own, listOf(stream).list.permission])];
}
