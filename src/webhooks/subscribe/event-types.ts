/**
 * The smallest set of Ashby's webhooks that misses nothing and brings nothing twice. Left out are candidateStageChange,
 * candidateHire, interviewScheduleCreate, jobPostingPublish and jobPostingUnpublish, of which each also fires one that
 * is here (Ashby's OpenAPI description), and the beta event for e-mail messages, which is only a signal to call an
 * endpoint that no table reads.
 */
export const subscribedTypes = [
  'applicationSubmit',
  'applicationUpdate',
  'candidateDelete',
  'candidateMerge',
  'interviewPlanTransition',
  'interviewScheduleUpdate',
  'jobCreate',
  'jobUpdate',
  'jobPostingUpdate',
  'jobPostingDelete',
  'offerCreate',
  'offerUpdate',
  'offerDelete',
  'openingCreate',
  'pushToHRIS',
  'signatureRequestUpdate',
  'surveySubmit',
  'takeHomeAssignmentAssigned',
  'takeHomeAssignmentSubmitted',
  'takeHomeAssignmentCompleted',
  'takeHomeAssignmentCancelled',
] as const;
