/**
 * The tables that lie inside rows of others, taken apart once more in plain JavaScript: written against Ashby's
 * description and the docs of the tables, with nothing of the connector's code.
 */

import { createHash } from 'node:crypto';
import type { Row } from './transcript.ts';

type Value = unknown;
const object = (value: Value): Row => (typeof value === 'object' && value !== null ? (value as Row) : {});
const list = (value: Value): Value[] => (Array.isArray(value) ? value : []);
const orNull = (value: Value): Value => value ?? null;

/** What the rows of one parent are, and what tells them apart: an id, or parts that are digested. */
interface Rule {
  of: string;
  parentId: string;
  rows: (parent: Row) => Row[];
  id?: string;
  parts?: string[];
}

function contacts(field: string): (candidate: Row) => Row[] {
  return (candidate) =>
    list(candidate[field]).map((one) => ({
      value: orNull(object(one)['value']),
      type: orNull(object(one)['type']),
      isPrimary: orNull(object(one)['isPrimary']),
      ...times('candidate', candidate),
    }));
}

function times(what: string, { createdAt, updatedAt }: Row): Row {
  return { [`${what}CreatedAt`]: orNull(createdAt), [`${what}UpdatedAt`]: orNull(updatedAt) };
}

function version(opening: Row): Row {
  const { id, createdAt } = object(opening['latestVersion']);
  return { openingVersionId: orNull(id), openingVersionCreatedAt: orNull(createdAt) };
}

function person(value: Value): Row {
  const { firstName, lastName, email } = object(value);
  return { firstName: orNull(firstName), lastName: orNull(lastName), email: orNull(email) };
}

function team(members: Value, more: Row): Row[] {
  return list(members).map((one) => {
    const { userId, role } = object(one);
    return { userId: orNull(userId), role: orNull(role), ...person(one), ...more };
  });
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;

/** The columns of one type each that a value is spread over. */
function spread(value: Value, type: string | undefined, labels: string[] | undefined): Row {
  const columns: Row = {
    value: value === undefined || value === null ? null : onOneLine(JSON.stringify(value)),
    valueText: null,
    valueNumber: null,
    valueBoolean: null,
    valueDate: null,
    valueTimestamp: null,
    valueLabel: labels && labels.length > 0 && columnsFilled(value) ? labels.join(', ') : null,
    valueLabels: labels && labels.length > 0 && columnsFilled(value) ? labels : null,
    currencyCode: null,
    minValue: null,
    maxValue: null,
    interval: null,
  };
  if (typeof value === 'number') columns['valueNumber'] = value;
  else if (typeof value === 'boolean') columns['valueBoolean'] = value;
  else if (typeof value === 'string') {
    columns['valueText'] = value;
    if ((type === 'Score' || type === 'Number') && /^-?\d+(\.\d+)?$/.test(value))
      columns['valueNumber'] = Number(value);
    if (type === undefined || type === 'Date') {
      if (DAY.test(value)) columns['valueDate'] = value;
      else if (MOMENT.test(value)) {
        columns['valueTimestamp'] = value;
        columns['valueDate'] = new Date(value).toISOString().slice(0, 10);
      }
    }
  } else if (!Array.isArray(value)) {
    const inner = object(value);
    if (typeof inner['value'] === 'string') columns['valueText'] = inner['value'];
    if (typeof inner['value'] === 'number') columns['valueNumber'] = inner['value'];
    if (typeof inner['score'] === 'number') columns['valueNumber'] = inner['score'];
    for (const name of ['currencyCode', 'minValue', 'maxValue', 'interval']) columns[name] = orNull(inner[name]);
  }
  return columns;
}

/** Some readers cut a line at these. */
const onOneLine = (json: string): string =>
  json.replace(/[\u0085\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);

const columnsFilled = (value: Value): boolean => value !== undefined && value !== null;

function kindOf(value: Value, label: Value): string | null {
  if (Array.isArray(value)) return 'MultiValueSelect';
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'number') return 'Number';
  if (typeof value === 'string') {
    if (label !== undefined && label !== null) return 'ValueSelect';
    return DAY.test(value) || MOMENT.test(value) ? 'Date' : 'String';
  }
  const { type, currencyCode } = object(value);
  if (type === 'number-range') return 'NumberRange';
  if (type === 'compensation-range') return 'CompensationRange';
  return currencyCode === undefined ? null : 'Currency';
}

function customValues(fields: Value, more: Row): Row[] {
  return list(fields).map((one) => {
    const { id, title, isPrivate, value, valueLabel } = object(one);
    const shown = valueLabel ?? (Array.isArray(value) ? value : undefined);
    const labels = shown === undefined ? undefined : [shown].flat().filter((text) => typeof text === 'string');
    return {
      ...more,
      fieldId: id,
      title: orNull(title),
      isPrivate: orNull(isPrivate),
      type: kindOf(value, valueLabel),
      ...spread(value, undefined, labels),
    };
  });
}

function answers(form: Row, more: Row): Row[] {
  const sections = list(object(form['formDefinition'])['sections']);
  const questions = sections.flatMap((section, index) =>
    list(object(section)['fields']).map((entry) => ({
      field: object(object(entry)['field']),
      section: orNull(object(section)['title']),
      sectionNumber: index + 1,
    })),
  );
  return Object.entries(object(form['submittedValues'])).map(([path, value]) => {
    const question = questions.find(({ field }) => field['path'] === path);
    const choices = question?.field['selectableValues'];
    const labels = Array.isArray(choices)
      ? [value]
          .flat()
          .filter((chosen) => typeof chosen === 'string')
          .map((chosen) => String(choices.map(object).find((one) => one['value'] === chosen)?.['label'] ?? chosen))
      : undefined;
    return {
      ...more,
      section: question?.section ?? null,
      sectionNumber: question?.sectionNumber ?? null,
      fieldId: orNull(question?.field['id']),
      path,
      title: orNull(question?.field['title']),
      type: orNull(question?.field['type']),
      ...spread(value, String(question?.field['type'] ?? 'String'), labels),
    };
  });
}

function some(row: Row, names: string[]): Row {
  return Object.fromEntries(names.map((name) => [name, orNull(row[name])]));
}

const candidate = { of: 'candidates', parentId: 'candidateId' };
const application = { of: 'applications', parentId: 'applicationId' };
const job = { of: 'jobs', parentId: 'jobId' };
const opening = { of: 'openings', parentId: 'openingId' };

export const INSIDE: Readonly<Record<string, Rule>> = {
  candidate_emails: { ...candidate, rows: contacts('emailAddresses'), parts: ['value'] },
  candidate_phones: { ...candidate, rows: contacts('phoneNumbers'), parts: ['value'] },
  candidate_links: {
    ...candidate,
    parts: ['url'],
    rows: (row) =>
      list(row['socialLinks']).map((one) => ({ ...some(object(one), ['type', 'url']), ...times('candidate', row) })),
  },
  candidate_tag_assignments: {
    ...candidate,
    id: 'tagId',
    rows: (row) =>
      list(row['tags']).map((one) => ({
        tagId: object(one)['id'],
        ...some(object(one), ['title', 'isArchived']),
        ...times('candidate', row),
      })),
  },
  candidate_custom_field_values: {
    ...candidate,
    id: 'fieldId',
    rows: (row) => customValues(row['customFields'], times('candidate', row)),
  },
  application_custom_field_values: {
    ...application,
    id: 'fieldId',
    rows: (row) => customValues(row['customFields'], times('application', row)),
  },
  job_custom_field_values: {
    ...job,
    id: 'fieldId',
    rows: (row) => customValues(row['customFields'], times('job', row)),
  },
  offer_custom_field_values: {
    of: 'offers',
    parentId: 'offerId',
    id: 'fieldId',
    rows: (row) => {
      const latest = object(row['latestVersion']);
      return customValues(latest['customFields'], {
        applicationId: orNull(row['applicationId']),
        offerVersionId: orNull(latest['id']),
        offerVersionCreatedAt: orNull(latest['createdAt']),
      });
    },
  },
  opening_custom_field_values: {
    ...opening,
    id: 'fieldId',
    rows: (row) => customValues(object(row['latestVersion'])['customFields'], version(row)),
  },
  project_custom_field_values: {
    of: 'projects',
    parentId: 'projectId',
    id: 'fieldId',
    rows: (row) => customValues(row['customFieldEntries'], { projectCreatedAt: orNull(row['createdAt']) }),
  },
  feedback_answers: {
    of: 'application_feedback',
    parentId: 'applicationFeedbackId',
    parts: ['path'],
    rows: (row) =>
      answers(row, {
        ...some(row, ['applicationId', 'interviewId', 'interviewEventId', 'feedbackFormDefinitionId', 'submittedAt']),
        submittedByUserId: orNull(object(row['submittedByUser'])['id']),
      }),
  },
  survey_answers: {
    of: 'survey_submissions',
    parentId: 'surveySubmissionId',
    parts: ['path'],
    rows: (row) =>
      answers(row, some(row, ['candidateId', 'applicationId', 'surveyFormDefinitionId', 'surveyType', 'submittedAt'])),
  },
  application_form_answers: {
    of: 'application_details',
    parentId: 'applicationId',
    parts: ['formSubmissionId', 'path'],
    rows: (row) =>
      list(row['applicationFormSubmissions']).flatMap((form) =>
        answers(object(form), {
          formSubmissionId: orNull(object(form)['id']),
          candidateId: orNull(object(row['candidate'])['id']),
          jobId: orNull(object(row['job'])['id']),
          ...times('application', row),
        }),
      ),
  },
  referral_answers: {
    of: 'referrals',
    parentId: 'referralId',
    parts: ['path'],
    rows: (row) =>
      answers(row, {
        ...some(row, ['candidateId', 'applicationId', 'jobId', 'sourceFormDefinitionId']),
        referralCreatedAt: orNull(row['createdAt']),
      }),
  },
  interview_event_interviewers: {
    of: 'interview_events',
    parentId: 'interviewEventId',
    id: 'userId',
    rows: (row) =>
      list(row['interviewers']).map((one) => {
        const user = object(one);
        return {
          userId: user['id'],
          ...some(row, ['interviewScheduleId', 'interviewId']),
          ...person(user),
          ...some(user, ['trainingRole', 'isFeedbackRequired']),
          interviewerPoolId: orNull(object(user['interviewerPool'])['id']),
          ...times('interviewEvent', row),
        };
      }),
  },
  interviewer_pool_members: {
    of: 'interviewer_pool_details',
    parentId: 'interviewerPoolId',
    id: 'userId',
    rows: (row) =>
      (
        [
          ['Qualified', row['qualifiedMembers']],
          ['Trainee', row['trainees']],
        ] as const
      ).flatMap(([memberType, members]) =>
        list(members).map((one) => ({
          userId: object(one)['id'],
          memberType,
          ...person(one),
          ...some(object(one), ['isEnabled', 'isPaused']),
          ...some(object(object(one)['currentProgress']), [
            'trainingPathId',
            'trainingPathStageId',
            'interviewsCompleted',
          ]),
        })),
      ),
  },
  application_hiring_team: {
    ...application,
    parts: ['userId', 'role'],
    rows: (row) => team(row['hiringTeam'], times('application', row)),
  },
  job_hiring_team: { ...job, parts: ['userId', 'role'], rows: (row) => team(row['hiringTeam'], times('job', row)) },
  opening_hiring_team: {
    ...opening,
    parts: ['userId', 'role'],
    rows: (row) => team(object(row['latestVersion'])['hiringTeam'], version(row)),
  },
  opening_jobs: {
    ...opening,
    id: 'jobId',
    rows: (row) => list(object(row['latestVersion'])['jobIds']).map((jobId) => ({ jobId, ...version(row) })),
  },
  opening_locations: {
    ...opening,
    id: 'locationId',
    rows: (row) =>
      list(object(row['latestVersion'])['locationIds']).map((locationId) => ({ locationId, ...version(row) })),
  },
  job_locations: {
    ...job,
    id: 'locationId',
    rows: (row) =>
      typeof row['locationId'] === 'string'
        ? [{ locationId: row['locationId'], isPrimary: true, ...times('job', row) }]
        : [],
  },
  job_posting_locations: {
    of: 'job_postings',
    parentId: 'jobPostingId',
    id: 'locationId',
    rows: (row) => {
      const { primaryLocationId, secondaryLocationIds } = object(row['locationIds']);
      const more = { jobId: orNull(row['jobId']), jobPostingUpdatedAt: orNull(row['updatedAt']) };
      return [
        ...(primaryLocationId ? [{ locationId: primaryLocationId, isPrimary: true, ...more }] : []),
        ...list(secondaryLocationIds).map((locationId) => ({ locationId, isPrimary: false, ...more })),
      ];
    },
  },
  approval_decisions: {
    of: 'approvals',
    parentId: 'approvalId',
    parts: ['approvalStepId', 'approverId'],
    rows: (row) =>
      list(row['steps']).flatMap((step) =>
        list(object(step)['approvers']).map((approver) => ({
          approvalStepId: orNull(object(step)['id']),
          approverId: orNull(object(approver)['id']),
          ...some(object(approver), ['userId', 'decision', 'requestedAt', 'decidedAt']),
          ...some(row, ['entityType', 'entityId']),
          approvalCreatedAt: orNull(row['createdAt']),
        })),
      ),
  },
};

/** The rows of an inside table that lie in one row of its parent. */
export function unnest({ parentId, rows, id, parts }: Rule, parent: Row): Row[] {
  const made = rows(parent).map((row) => ({ [parentId]: parent['id'], ...row }) as Row);
  const seen = new Map<string, number>();
  // Equal ones take turns in an order that only depends on what they hold.
  const ordered = [...made].sort((a, b) => (contentOf(a, parentId) < contentOf(b, parentId) ? -1 : 1));
  return ordered.map((row) => {
    const own = (parts ?? [id ?? '']).map((name) => row[name]);
    const name = JSON.stringify(own);
    const turn = seen.get(name) ?? 0;
    seen.set(name, turn + 1);
    const second = parts === undefined && turn === 0 ? String(own[0]) : digest(turn === 0 ? own : [...own, turn]);
    return { _key: `${String(parent['id'])}:${second}`, ...row };
  });
}

function contentOf(row: Row, parentId: string): string {
  return Object.entries(row)
    .filter(([name]) => name !== parentId)
    .map(([, value]) => JSON.stringify(value))
    .join('\n');
}

/** A UUID of the eighth kind, made of the SHA-256 of the parts as JSON. */
function digest(parts: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-a$4-$5');
}

/** Where the ids lie that are put beside the objects. */
const applicationIds = {
  candidateId: ['candidate'],
  jobId: ['job'],
  currentInterviewStageId: ['currentInterviewStage'],
  sourceId: ['source'],
  archiveReasonId: ['archiveReason'],
  creditedToUserId: ['creditedToUser'],
};
const offerIds = { latestVersionId: ['latestVersion'], authorId: ['latestVersion', 'author'] };
const IDS: Readonly<Record<string, Record<string, string[]>>> = {
  applications: applicationIds,
  application_details: { ...applicationIds, resumeFileHandleId: ['resumeFileHandle'] },
  application_feedback: { submittedByUserId: ['submittedByUser'], creditedToUserId: ['creditedToUser'] },
  application_criteria_evaluations: { criterionId: ['criterion'] },
  audit_log: {
    actorId: ['actor'],
    targetId: ['target'],
    requestId: ['request'],
    parentActionId: ['parentAction'],
  },
  candidates: { sourceId: ['source'], creditedToUserId: ['creditedToUser'], resumeFileHandleId: ['resumeFileHandle'] },
  candidate_notes: { authorId: ['author'] },
  interview_events: { interviewId: ['interview'] },
  interview_schedules: { scheduledById: ['scheduledBy'] },
  interviewer_pools: { trainingPathId: ['trainingPath'] },
  interviewer_pool_details: { trainingPathId: ['trainingPath'] },
  job_templates: { locationId: ['location'] },
  jobs: { authorId: ['author'], locationId: ['location'] },
  offers: offerIds,
  offer_details: offerIds,
  offer_versions: { authorId: ['author'] },
  openings: { latestVersionId: ['latestVersion'] },
  referrals: { referrerId: ['referrer'] },
  sources: { sourceTypeId: ['sourceType'] },
  take_home_assignments: { interviewId: ['interview'], submissionId: ['submission'] },
};

/** The row with the ids of its objects beside them. */
export function withIds(stream: string, row: Row): Row {
  const found = Object.entries(IDS[stream] ?? {}).map(([name, path]) => {
    const held = path.reduce<Row>((part, step) => object(part[step]), row);
    return [name, row[name] ?? held['id'] ?? null] as const;
  });
  return { ...row, ...Object.fromEntries(found) };
}
