import type { Group } from './choices.ts';

/*
 * WHICH FIELD IS PERSONAL, AND OF WHICH GROUP. Every field of every schema belongs to one group or to none; groups.test.ts
 * names those that look personal and stand nowhere here.
 *
 * A field with a group takes what lies in it along, but for ids and times, which are never touched (rules.ts). A new
 * field of Ashby's needs a line here only if it is personal and its name is not in `everywhere`.
 */

/** Of a field: its group, or none though its name or what surrounds it says otherwise. */
export type Belongs = Group | 'none';

/** Names that mean the same in whatever table and however deep they stand. */
export const everywhere: Readonly<Record<string, Group>> = {
  // Ashby's users have these three; candidates have one `name`.
  firstName: 'employees',
  lastName: 'employees',
  email: 'employees',
  customFields: 'custom_fields',
  customFieldEntries: 'custom_fields',
  resumeFileHandle: 'documents',
  fileHandles: 'documents',
  submittedValues: 'free_text',
  extraData: 'free_text', // whatever other programs have put there
  salary: 'compensation',
  compensation: 'compensation',
  compensationTierSummary: 'compensation',
  baseSalary: 'compensation',
  submitterClientIp: 'tracking',
  submitterUserAgent: 'tracking',
  ipAddress: 'tracking',
  userAgent: 'tracking',
  fraudStatus: 'tracking',
  fraudSignals: 'tracking',
  feedbackLink: 'contact',
  meetingLink: 'contact',
  surveyUrl: 'contact',
};

/**
 * What stands beside a personal value and says of what kind it is. Inside a field with a group it goes with the value
 * when that is dropped, and stays readable when it is hashed. Of custom fields it is what their definition says; all of
 * a value is the value.
 */
export const labels: Readonly<Partial<Record<Group, readonly string[]>>> = {
  contact: ['type', 'isPrimary'],
  compensation: [
    'title',
    'compensationType',
    'currencyCode',
    'interval',
    'shouldDisplayCompensation',
    'shouldDisplayCompensationOnJobBoard',
  ],
  tracking: ['category'],
  custom_fields: ['title', 'isPrivate', 'referenceIdentifier'],
};

const candidate = { name: 'contact', primaryEmailAddress: 'contact', primaryPhoneNumber: 'contact' } as const;
const event = { location: 'contact' } as const;
/** The first working day is a time. */
const offer = { 'latestVersion.startDate': 'none', 'versions[].startDate': 'none' } as const;

/** Columns of a value in a table of answers or of custom values. */
const valueColumns = [
  ...['value', 'valueText', 'valueNumber', 'valueBoolean', 'valueDate', 'valueTimestamp', 'valueLabel', 'valueLabels'],
  ...['currencyCode', 'minValue', 'maxValue', 'interval'],
];
const valuesOf = (group: Group): Record<string, Group> =>
  Object.fromEntries(valueColumns.map((column) => [column, group]));
const [customValues, answers] = [valuesOf('custom_fields'), valuesOf('free_text')];

/** By table and path: what its name alone does not say. */
export const byTable: Readonly<Record<string, Readonly<Record<string, Belongs>>>> = {
  application_custom_field_values: customValues,
  application_form_answers: answers,
  application_criteria_evaluations: { reasoning: 'free_text' },
  application_details: inside('candidate', candidate),
  applications: inside('candidate', candidate),
  audit_log: { description: 'free_text', changedFields: 'free_text', 'actor.name': 'employees' },
  candidate_custom_field_values: customValues,
  candidate_emails: { value: 'contact' },
  candidate_links: { url: 'contact' },
  candidate_notes: { content: 'free_text' },
  candidate_phones: { value: 'contact' },
  candidates: {
    ...candidate,
    emailAddresses: 'contact',
    phoneNumbers: 'contact',
    socialLinks: 'contact',
    profileUrl: 'contact',
    location: 'contact',
    timezone: 'contact',
    position: 'background',
    company: 'background',
    school: 'background',
  },
  feedback_answers: answers,
  interview_events: event,
  interview_schedules: inside('interviewEvents[]', event),
  interviewer_pauses: { comment: 'free_text' },
  job_custom_field_values: customValues,
  notetaker_transcripts: { 'participants[].name': 'contact', 'participants[].email': 'contact' },
  offer_custom_field_values: customValues,
  offer_details: offer,
  offer_versions: { startDate: 'none' },
  offers: offer,
  opening_custom_field_values: customValues,
  project_custom_field_values: customValues,
  referral_answers: answers,
  referrals: { referrer: 'employees' },
  sequences: {
    'stages[].from.displayName': 'employees',
    'stages[].subject': 'free_text',
    'stages[].bodyHtml': 'free_text',
  },
  survey_answers: answers,
  take_home_assignments: { 'submission.notesHtml': 'free_text', 'submission.notesPlain': 'free_text' },
};

/** Fields whose schema leaves open what lies in them, and that are known by the schema of another field. */
export const shapedLike: Readonly<Record<string, { table: string; field: string }>> = {
  'referrals.formDefinition': { table: 'survey_submissions', field: 'formDefinition' },
};

function inside(path: string, fields: Readonly<Record<string, Belongs>>): Record<string, Belongs> {
  return Object.fromEntries(Object.entries(fields).map(([name, group]) => [`${path}.${name}`, group]));
}
