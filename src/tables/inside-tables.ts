import type { InsideList, InsideSource, Table } from './definition.ts';
import type { KeyParts } from './inside/keys.ts';

/*
 * THE TABLE, continued: tables whose rows lie inside the rows of others. They come with the walk of their parent, at no
 * request of their own; an inside of a table of calls at that table's calls.
 *
 * The key of a row is its parent's id and what tells it apart there, so it does not change when the order does.
 */

type Rest = Partial<Omit<Table, 'name' | 'source'>>;
type Columns = Readonly<Record<string, string>>;

interface Inside {
  parent: string;
  /** The column that names the parent's row. */
  parentId: string;
  at: string | readonly InsideList[];
  columns?: Columns;
  /** The column that says when the parent came into being. */
  born?: string;
}

/** Objects with ids of their own, as they are. */
function whole(name: string, { parent, parentId, at }: Inside): Table {
  return { name, key: ['id'], parentIdField: parentId, source: { kind: 'inside', parent, lists: listsOf(at) } };
}

function made(name: string, { parent, parentId, at, columns, born }: Inside, source: Partial<InsideSource>): Table {
  const rest: Rest = { parentIdField: parentId, addsKey: true, ...(born === undefined ? {} : { bornField: born }) };
  return {
    name,
    key: ['_key'],
    source: { kind: 'inside', parent, lists: listsOf(at), ...(columns ? { columns } : {}), ...source },
    ...rest,
  };
}

/** Chosen columns; rows are told apart by an id in one of them. */
function byId(name: string, inside: Inside, column: string): Table {
  return made(name, inside, { shape: 'picked', key: { columns: [column], isId: true } });
}

/** Chosen columns; rows have no id, and are told apart by these. */
function byParts(name: string, inside: Inside, columns: readonly string[]): Table {
  return made(name, inside, { shape: 'picked', key: { columns, isId: false } });
}

function customValues(name: string, inside: Inside): Table {
  const key: KeyParts = { columns: ['fieldId'], isId: true };
  return made(name, inside, { shape: 'customValues', key });
}

/** Answers of filled-in forms. Within a row that holds several forms, `form` is the column that tells them apart. */
function answers(name: string, inside: Inside, form: readonly string[] = []): Table {
  return made(name, inside, { shape: 'answers', key: { columns: [...form, 'path'], isId: false } });
}

function listsOf(at: string | readonly InsideList[]): readonly InsideList[] {
  return typeof at === 'string' ? [{ path: at }] : at;
}

const ofCandidate = { parent: 'candidates', parentId: 'candidateId', born: 'candidateCreatedAt' } as const;
const candidateTimes: Columns = { candidateCreatedAt: '/createdAt', candidateUpdatedAt: '/updatedAt' };
const ofApplication = { parent: 'applications', parentId: 'applicationId', born: 'applicationCreatedAt' } as const;
const applicationTimes: Columns = { applicationCreatedAt: '/createdAt', applicationUpdatedAt: '/updatedAt' };
const ofJob = { parent: 'jobs', parentId: 'jobId', born: 'jobCreatedAt' } as const;
const jobTimes: Columns = { jobCreatedAt: '/createdAt', jobUpdatedAt: '/updatedAt' };
const ofOpening = { parent: 'openings', parentId: 'openingId' } as const;
/** A version of an opening is what changes, and when. */
const openingVersion: Columns = {
  openingVersionId: '/latestVersion.id',
  openingVersionCreatedAt: '/latestVersion.createdAt',
};
const contact: Columns = { value: 'value', type: 'type', isPrimary: 'isPrimary' };
const person: Columns = { firstName: 'firstName', lastName: 'lastName', email: 'email' };
const member: Columns = { userId: 'userId', role: 'role', ...person };

export const insideTables: readonly Table[] = [
  // Candidates
  byParts('candidate_emails', { ...ofCandidate, at: 'emailAddresses[]', columns: { ...contact, ...candidateTimes } }, [
    'value',
  ]),
  byParts('candidate_phones', { ...ofCandidate, at: 'phoneNumbers[]', columns: { ...contact, ...candidateTimes } }, [
    'value',
  ]),
  byParts(
    'candidate_links',
    { ...ofCandidate, at: 'socialLinks[]', columns: { type: 'type', url: 'url', ...candidateTimes } },
    ['url'],
  ),
  byId(
    'candidate_tag_assignments',
    {
      ...ofCandidate,
      at: 'tags[]',
      columns: { tagId: 'id', title: 'title', isArchived: 'isArchived', ...candidateTimes },
    },
    'tagId',
  ),

  // Custom fields
  customValues('candidate_custom_field_values', { ...ofCandidate, at: 'customFields[]', columns: candidateTimes }),
  customValues('application_custom_field_values', {
    ...ofApplication,
    at: 'customFields[]',
    columns: applicationTimes,
  }),
  customValues('job_custom_field_values', { ...ofJob, at: 'customFields[]', columns: jobTimes }),
  customValues('offer_custom_field_values', {
    parent: 'offers',
    parentId: 'offerId',
    at: 'latestVersion.customFields[]',
    columns: {
      applicationId: '/applicationId',
      offerVersionId: '/latestVersion.id',
      offerVersionCreatedAt: '/latestVersion.createdAt',
    },
  }),
  customValues('opening_custom_field_values', {
    ...ofOpening,
    at: 'latestVersion.customFields[]',
    columns: openingVersion,
  }),
  customValues('project_custom_field_values', {
    parent: 'projects',
    parentId: 'projectId',
    at: 'customFieldEntries[]',
    columns: { projectCreatedAt: '/createdAt' },
    born: 'projectCreatedAt',
  }),

  // Answers
  answers('feedback_answers', {
    parent: 'application_feedback',
    parentId: 'applicationFeedbackId',
    at: '',
    columns: {
      applicationId: 'applicationId',
      interviewId: 'interviewId',
      interviewEventId: 'interviewEventId',
      feedbackFormDefinitionId: 'feedbackFormDefinitionId',
      submittedByUserId: 'submittedByUser.id',
      submittedAt: 'submittedAt',
    },
    born: 'submittedAt',
  }),
  answers('survey_answers', {
    parent: 'survey_submissions',
    parentId: 'surveySubmissionId',
    at: '',
    columns: {
      candidateId: 'candidateId',
      applicationId: 'applicationId',
      surveyFormDefinitionId: 'surveyFormDefinitionId',
      surveyType: 'surveyType',
      submittedAt: 'submittedAt',
    },
    born: 'submittedAt',
  }),
  answers(
    'application_form_answers',
    {
      parent: 'application_details',
      parentId: 'applicationId',
      at: 'applicationFormSubmissions[]',
      columns: {
        formSubmissionId: 'id',
        candidateId: '/candidate.id',
        jobId: '/job.id',
        ...applicationTimes,
      },
      born: 'applicationCreatedAt',
    },
    ['formSubmissionId'],
  ),
  answers('referral_answers', {
    parent: 'referrals',
    parentId: 'referralId',
    at: '',
    columns: {
      candidateId: 'candidateId',
      applicationId: 'applicationId',
      jobId: 'jobId',
      sourceFormDefinitionId: 'sourceFormDefinitionId',
      referralCreatedAt: 'createdAt',
    },
  }),

  // Interviews
  whole('interview_events', {
    parent: 'interview_schedules',
    parentId: 'interviewScheduleId',
    at: 'interviewEvents[]',
  }),
  byId(
    'interview_event_interviewers',
    {
      parent: 'interview_events',
      parentId: 'interviewEventId',
      at: 'interviewers[]',
      columns: {
        userId: 'id',
        interviewScheduleId: '/interviewScheduleId',
        interviewId: '/interviewId',
        ...person,
        trainingRole: 'trainingRole',
        interviewerPoolId: 'interviewerPool.id',
        isFeedbackRequired: 'isFeedbackRequired',
        interviewEventCreatedAt: '/createdAt',
        interviewEventUpdatedAt: '/updatedAt',
      },
      born: 'interviewEventCreatedAt',
    },
    'userId',
  ),
  byId(
    'interviewer_pool_members',
    {
      parent: 'interviewer_pool_details',
      parentId: 'interviewerPoolId',
      at: [
        { path: 'qualifiedMembers[]', says: { memberType: 'Qualified' } },
        { path: 'trainees[]', says: { memberType: 'Trainee' } },
      ],
      columns: {
        userId: 'id',
        ...person,
        isEnabled: 'isEnabled',
        isPaused: 'isPaused',
        trainingPathId: 'currentProgress.trainingPathId',
        trainingPathStageId: 'currentProgress.trainingPathStageId',
        interviewsCompleted: 'currentProgress.interviewsCompleted',
      },
    },
    'userId',
  ),

  // Who works on what
  byParts(
    'application_hiring_team',
    { ...ofApplication, at: 'hiringTeam[]', columns: { ...member, ...applicationTimes } },
    ['userId', 'role'],
  ),
  byParts('job_hiring_team', { ...ofJob, at: 'hiringTeam[]', columns: { ...member, ...jobTimes } }, ['userId', 'role']),
  byParts(
    'opening_hiring_team',
    { ...ofOpening, at: 'latestVersion.hiringTeam[]', columns: { ...member, ...openingVersion } },
    ['userId', 'role'],
  ),

  // Jobs and openings
  byId(
    'opening_jobs',
    { ...ofOpening, at: 'latestVersion.jobIds[]', columns: { jobId: '.', ...openingVersion } },
    'jobId',
  ),
  byId(
    'opening_locations',
    { ...ofOpening, at: 'latestVersion.locationIds[]', columns: { locationId: '.', ...openingVersion } },
    'locationId',
  ),
  byId(
    'job_locations',
    {
      ...ofJob,
      // With `expand` Ashby sends the location itself, too; its id is the same.
      at: [{ path: 'locationId', says: { isPrimary: true } }],
      columns: { locationId: '.', ...jobTimes },
    },
    'locationId',
  ),
  byId(
    'job_posting_locations',
    {
      parent: 'job_postings',
      parentId: 'jobPostingId',
      at: [
        { path: 'locationIds.primaryLocationId', says: { isPrimary: true } },
        { path: 'locationIds.secondaryLocationIds[]', says: { isPrimary: false } },
      ],
      columns: { locationId: '.', jobId: '/jobId', jobPostingUpdatedAt: '/updatedAt' },
    },
    'locationId',
  ),

  // Offers and approvals
  whole('offer_versions', { parent: 'offer_details', parentId: 'offerId', at: 'versions[]' }),
  byParts(
    'approval_decisions',
    {
      parent: 'approvals',
      parentId: 'approvalId',
      at: 'steps[].approvers[]',
      columns: {
        approvalStepId: '^id',
        approverId: 'id',
        userId: 'userId',
        decision: 'decision',
        requestedAt: 'requestedAt',
        decidedAt: 'decidedAt',
        entityType: '/entityType',
        entityId: '/entityId',
        approvalCreatedAt: '/createdAt',
      },
      born: 'approvalCreatedAt',
    },
    ['approvalStepId', 'approverId'],
  ),
];
