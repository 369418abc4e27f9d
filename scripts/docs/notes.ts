/*
 * What a person should know about a table and the table of streams cannot say: gaps that Ashby leaves, features that
 * an account may lack, and how rows join. One or two sentences each; docs/streams.md prints them.
 */
export const notes: Readonly<Record<string, readonly string[]>> = {
  candidates: [
    'When two candidates are merged in Ashby, one id stops appearing; its old row stays in the warehouse until a refresh.',
  ],
  applications: [
    'An application names its source and the person who is credited (`source`, `creditedToUser`), never the tracking link that brought it. Join `source.id` to `sources.id`.',
    'Several links may share one source, so a join of applications with `source_tracking_links` by source multiplies rows. Which link brought an application cannot be told: Ashby does not say it in its API.',
  ],
  application_feedback: ['Stored answers are in `submittedValues`; their labels are in `formDefinition`.'],
  interview_schedules: ['Events lie in `interviewEvents`; `interview_events` has them as rows of their own.'],
  interview_events: [
    'Comes with the list of schedules, so it costs no request beside `interview_schedules`, and the same requests without it.',
    'When a schedule changes, all of its events come again. An event that was taken out of a schedule just stops appearing.',
  ],
  live_keys: [
    'Choose it where the destination does not act on tombstones; [Deletions](deletions.md#live_keys) has the SQL. It walks every other selected table that can be swept whole, in every run, so no catalog that comes with the connector selects it.',
  ],
  offers: ['Older versions of an offer are in `offer_details`.'],
  approvals: ['Only accounts that use approvals have rows here.'],
  jobs: ['Without the list of statuses Ashby would leave drafts out.'],
  job_postings: [
    'Ashby answers for one job board at a time, so the list is asked for once without a board and once for each board of `job_boards`. A posting on several boards is one row, and `jobBoardIds` names the boards.',
    'Boards that are switched off cannot be asked for, and neither can postings that are on no other board.',
  ],
  job_posting_details: [
    'The list of postings has no sync token, so the state remembers, in eight characters each, at which `updatedAt` a posting was read, and only those that moved are asked for. A change that leaves `updatedAt` alone is missed until it moves.',
    'The flag is new (2026). Where Ashby refuses it, details are asked for without it, a warning says so, and every posting that was asked for in that way is asked for again in the next run.',
  ],
  job_boards: ['Boards that are switched off are never in the list; Ashby has no way to ask for them.'],
  communication_templates: ['Templates that are switched off are never in the list; Ashby has no way to ask for them.'],
  interviews: [
    'These are kinds of interview, not appointments; appointments are in `interview_events`.',
    'Without the two flags Ashby would leave out archived interviews and those that belong to one job, which can be most of them.',
  ],
  interview_plans: ['Draft plans are never in the list.'],
  interview_stages: [
    'A stage can change while its plan does not, so the stages of all plans are read again when the last time lies 24 hours or more back. In between only the plans that Ashby reports as changed are asked about.',
    'Stages of archived plans are included; those of draft plans are not, since drafts are never listed. A stage that is taken out of a plan just stops appearing.',
  ],
  interviewer_pauses: [
    'A pause can change while its user does not, so all users are asked about again when the last time lies 24 hours or more back. From the second time on deactivated users are left out of that. In between only the users that Ashby reports as changed are asked about.',
    'A pause that was taken back just stops appearing.',
  ],
  interviewer_settings: [
    'A limit can change while its user does not, so all users are asked about again when the last time lies 24 hours or more back. From the second time on deactivated users are left out of that. In between only the users that Ashby reports as changed are asked about.',
  ],
  interviewer_pools: ['Who is in a pool is in `interviewer_pool_details`.'],
  interviewer_pool_details: [
    'The only place that says who is in a pool: `qualifiedMembers` may interview, `trainees` are on their way, with their progress. `interviewer_pools` has everything else of a pool.',
    'A pool is asked about when its row in `interviewer_pools` changes. Whether a change of members alone counts as one is not documented; if it does not, it comes with a refresh.',
  ],
  take_home_assignments: ['Generally available at Ashby since 19 August 2026. Offered only where Ashby answers it.'],
  users: ['Without the flag Ashby would leave out people who were deactivated.'],
  custom_fields: [
    'The flag is new (summer 2026). Where Ashby refuses it, the list is read without it, archived fields are missing, and a warning says so.',
  ],
  hiring_team_roles: ['Without the flag Ashby would answer with names only.'],
  sources: ['Join `applications.source.id` to `id`. `source_tracking_links.sourceId` names a source, too; several links may name the same one.'],
  source_tracking_links: [
    'The custom tracking links. Join `sourceId` to `sources.id`.',
    'Do not join them with applications by source and count: where links share a source, each application would be there once for each link. An application names its source only; which link it came through is not in the API.',
  ],
  survey_requests: ['Ashby lists requests of candidate experience surveys only.'],
  survey_submissions: ['Ashby wants one question for each kind of survey, so there is one walk and one sync token for each. A kind that was never read and that your Ashby does not know is skipped, with a warning.'],
  referrals: ['Not in the API description of mid-2026; where Ashby does not know the endpoint, the table is not offered.'],
  sequences: ['Generally available at Ashby since 18 September 2026.'],
  audit_log: [
    'Closed beta at Ashby. Without dates Ashby answers for the last 24 hours only, so both are always sent. A first run asks for windows of a year one after the other, from the beginning of 2015, before Ashby existed, up to now; within a window the newest entry comes first.',
    'The state says until when everything was read. A later run begins 15 minutes before that, drops the entries that it has already printed, and goes on up to now, however long the gap.',
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
