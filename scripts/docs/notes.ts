/*
 * What a person should know about a table and the table of streams cannot say: gaps that Ashby leaves, features that
 * an account may lack, and how rows join. One or two sentences each; docs/streams.md prints them.
 */
export const notes: Readonly<Record<string, readonly string[]>> = {
  candidates: [
    'When two candidates are merged in Ashby, one id stops appearing; its old row stays in the warehouse until a refresh.',
  ],
  applications: [
    'A tracking link shows in `source` and `creditedToUser`: join `source.id` to `sources.id` and to `source_tracking_links.sourceId`.',
  ],
  application_feedback: ['Stored answers are in `submittedValues`; their labels are in `formDefinition`.'],
  interview_schedules: ['Events lie in `interviewEvents`; `interview_events` has them as rows of their own.'],
  interview_events: [
    'Comes with the list of schedules, so it costs no request beside `interview_schedules`, and the same requests without it.',
    'When a schedule changes, all of its events come again. An event that was taken out of a schedule just stops appearing.',
  ],
  offers: ['Older versions of an offer are in `offer_details`.'],
  approvals: ['Only accounts that use approvals have rows here.'],
  jobs: ['Without the list of statuses Ashby would leave drafts out.'],
  job_postings: [
    'Ashby answers for one job board at a time, so the list is asked for once without a board and once for each board of `job_boards`. A posting on several boards is one row, and `jobBoardIds` names the boards.',
    'Boards that are switched off cannot be asked for, and neither can postings that are on no other board.',
  ],
  job_posting_details: [
    'The list of postings has no sync token, so the state keeps the `updatedAt` of each posting and asks only for those that moved. A change that leaves `updatedAt` alone is missed until it moves.',
  ],
  job_boards: ['Boards that are switched off are never in the list; Ashby has no way to ask for them.'],
  communication_templates: ['Templates that are switched off are never in the list; Ashby has no way to ask for them.'],
  interviews: [
    'These are kinds of interview, not appointments; appointments are in `interview_events`.',
    'Without the two flags Ashby would leave out archived interviews and those that belong to one job, which can be most of them.',
  ],
  interview_plans: ['Draft plans are never in the list.'],
  interview_stages: ['Stages of archived plans are included; those of draft plans are not, since drafts are never listed.'],
  interviewer_pauses: ['A pause need not touch the user, so every user is asked about in every run.'],
  interviewer_settings: ['A setting need not touch the user, so every user is asked about in every run.'],
  take_home_assignments: ['Beta at Ashby.'],
  users: ['Without the flag Ashby would leave out people who were deactivated.'],
  custom_fields: [
    'The flag is new (summer 2026). Where Ashby refuses it, the list is read without it, archived fields are missing, and a warning says so.',
  ],
  hiring_team_roles: ['Without the flag Ashby would answer with names only.'],
  sources: ['Join `source_tracking_links.sourceId` and `applications.source.id` to `id`.'],
  source_tracking_links: ['The custom tracking links. Join `sourceId` to `sources.id`.'],
  survey_requests: ['Ashby lists requests of candidate experience surveys only.'],
  survey_submissions: ['Ashby wants one question for each kind of survey, so there is one pass and one sync token for each. A kind that your Ashby does not know is skipped, with a line in the log.'],
  referrals: ['Not in the API description of mid-2026; where Ashby does not know the endpoint, the table is not offered.'],
  sequences: ['New in September 2026.'],
  audit_log: [
    'Closed beta at Ashby. Newest entries come first; a later run stops at the newest entry of the run before.',
    'Entries about confidential jobs are included whatever the switches of the API key say.',
  ],
  application_history: [
    'Entries can be edited and deleted in Ashby. A changed application is read whole again; a deleted entry just stops appearing.',
  ],
  application_criteria_evaluations: ['Only for accounts with AI Application Review.'],
  application_details: [
    'Adds form answers, referrals and the resume to what `applications` has. The history inside may be cut short; `application_history` is whole.',
  ],
  candidate_notes: [
    'Whether a new note marks its candidate as changed is not documented. If it does not, the note comes when something else about the candidate changes, or with a refresh.',
    'Private notes need the private fields switch of the API key.',
  ],
  candidate_projects: ['The same project comes under many candidates, so the key is made of both ids.'],
  candidate_client_info: ['IP addresses and browsers of candidates: personal data. Leave the table out if you do not need it.'],
  candidate_fraud_checks: ['Only for accounts with Fraud Detection.'],
  offer_details: ['All versions of an offer, and the form that was filled in.'],
  notetaker_transcripts: [
    'A paid add-on. The link to the text is left out, since it stops working soon after. Transcripts that Ashby no longer keeps are skipped.',
    'The ids come from the events of the schedules that changed; a transcript that is made without a change of the schedule is missed until the schedule changes.',
  ],
};
