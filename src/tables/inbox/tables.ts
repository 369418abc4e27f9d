import type { InboxSource, Table } from '../definition.ts';

/*
 * Tables that are made of the events in the webhook inbox. They are offered where an inbox is configured. Payloads are
 * those of the webhooks in Ashby's OpenAPI description (June 2026).
 */

/** An event is identified by its id and action; of several events about one thing each is a row. */
const BY_EVENT = { key: ['_key'], addsKey: true } as const;

function events(name: string, source: Omit<InboxSource, 'kind'>, rest: Pick<Table, 'key' | 'addsKey'>): Table {
  return { name, source: { kind: 'inbox', ...source }, ...rest };
}

export const inboxTables: readonly Table[] = [
  events('webhook_events', { columns: { data: '' } }, BY_EVENT),
  events(
    'candidate_merges',
    {
      action: 'candidateMerge',
      columns: { deletedCandidateId: 'deletedCandidate.id', mergedCandidateId: 'mergedCandidate.id' },
      needs: 'deletedCandidateId',
    },
    { key: ['deletedCandidateId'] },
  ),
  events(
    'signature_requests',
    {
      action: 'signatureRequestUpdate',
      columns: {
        eventType: 'eventType',
        relatedEntityType: 'relatedEntityType',
        offerId: 'offerId',
        offerVersionId: 'offerVersionId',
        applicationId: 'applicationId',
      },
    },
    BY_EVENT,
  ),
  events(
    'interview_plan_transitions',
    {
      action: 'interviewPlanTransition',
      columns: {
        jobId: 'jobId',
        fromInterviewPlan: 'fromInterviewPlan',
        toInterviewPlan: 'toInterviewPlan',
        interviewStageMappings: 'interviewStageMappings',
      },
    },
    BY_EVENT,
  ),
  events(
    'hris_pushes',
    { action: 'pushToHRIS', columns: { applicationId: 'application.id', candidateId: 'application.candidate.id' } },
    BY_EVENT,
  ),
  events(
    'survey_consents',
    {
      action: 'surveySubmit',
      where: { path: 'surveySubmission.surveyType', is: 'CandidateDataConsent' },
      columns: {
        id: 'surveySubmission.id',
        candidateId: 'surveySubmission.candidateId',
        applicationId: 'surveySubmission.applicationId',
        surveyFormDefinitionId: 'surveySubmission.surveyFormDefinitionId',
        submittedAt: 'surveySubmission.submittedAt',
        submittedValues: 'surveySubmission.submittedValues',
      },
      needs: 'id',
    },
    { key: ['id'] },
  ),
];
