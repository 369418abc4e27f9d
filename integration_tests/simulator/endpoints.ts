/**
 * The endpoints: permission, accepted parameters and the shape of the answer. Parameters are those that
 * Ashby's published OpenAPI description (June 2026) or its later published schemas name.
 */

import type { Features, Permission } from './types.ts';

export type Param =
  | { type: 'string' | 'integer' | 'boolean' | 'id' | 'date' | 'strings' | 'limit' }
  | { type: 'enum' | 'enums' | 'words'; values: readonly string[] };

export interface Endpoint {
  name: string;
  permission: Permission;
  params: ReadonlyMap<string, Param>;
  required: readonly string[];
  /** Cut into pages of up to 100. */
  paged: boolean;
  /** The answer says `moreDataAvailable`. */
  saysMore: boolean;
  /** Takes a `syncToken`. */
  takesToken: boolean;
  /** Gives a `syncToken` with the last page. */
  givesToken: boolean;
  feature?: keyof Features;
}

/** `words` are a fixed vocabulary whose unknown members are refused with HTTP 400. p = paged, m = says moreDataAvailable, t = takes a token, g = gives one. `!` marks what is required. */
const LINES = `
application.list | candidatesRead | pmtg | C S L createdAfter:integer createdBefore:integer status:enum(Hired,Archived,Active,Lead) jobId:id expand:enums(openings)
application.listCriteriaEvaluations | candidatesRead | pm | C L applicationId!:id | aiApplicationReview
application.listHistory | candidatesRead | pm | C L applicationId!:id
application.info | candidatesRead | | applicationId:id submittedFormInstanceId:id expand:enums(openings,applicationFormSubmissions,referrals)
applicationFeedback.list | candidatesRead | pmtg | C S L createdAfter:integer applicationId:id
applicationHiringTeamRole.list | candidatesRead | |
approval.list | approvalsRead | pmtg | C S L entityType:enum(offer,job,opening) entityId:id
archiveReason.list | hiringProcessMetadataRead | | includeArchived:boolean
auditLog.list | auditLogsRead | pm | C L startDate:date endDate:date actorIds:strings targetIds:strings targetTypes:words(Job,User,ApiKey,Candidate) categories:words(Job,User,ApiKey,Candidate) | auditLogs
brand.list | organizationRead | pm | C L
candidate.list | candidatesRead | pmtg | C S L createdAfter:integer createdBefore:integer
candidate.info | candidatesRead | | id:id externalMappingId:string
candidate.listClientInfo | candidatesRead | pmtg | C S L candidateId!:id
candidate.listFraudChecks | candidatesRead | pm | C L candidateId!:id | fraudDetection
candidate.listNotes | candidatesRead | pmtg | C S L candidateId!:id
candidate.listProjects | candidatesRead | pmt | C S L candidateId!:id
candidateTag.list | hiringProcessMetadataRead | pmtg | C S L includeArchived:boolean
closeReason.list | hiringProcessMetadataRead | mg | includeArchived:boolean
communicationTemplate.list | hiringProcessMetadataRead | |
customField.list | hiringProcessMetadataRead | pmtg | C S L includeArchived:boolean
customField.info | hiringProcessMetadataRead | | customFieldId:id
department.list | organizationRead | pmtg | C S L includeArchived:boolean
department.info | organizationRead | | departmentId!:id
feedbackFormDefinition.list | hiringProcessMetadataRead | pmtg | C S L includeArchived:boolean
feedbackFormDefinition.info | hiringProcessMetadataRead | | feedbackFormDefinitionId!:id
hiringTeamRole.list | organizationRead | | namesOnly:boolean
interview.list | interviewsRead | pmtg | C S L includeArchived:boolean includeNonSharedInterviews:boolean excludeArchivedScheduleTemplateInterviews:boolean
interview.info | interviewsRead | | id!:id
interviewEvent.list | interviewsRead | pmtg | C S L createdAfter:integer interviewScheduleId!:id expand:enums(interview)
interviewPlan.list | interviewsRead | pmtg | C S L includeArchived:boolean
interviewSchedule.list | interviewsRead | pmtg | C S L createdAfter:integer applicationId:id interviewStageId:id
interviewStage.list | interviewsRead | m | interviewPlanId!:id
interviewStage.info | interviewsRead | | interviewStageId!:id
interviewStageGroup.list | interviewsRead | |
interviewerPool.list | hiringProcessMetadataRead | pmtg | C S L includeArchivedPools:boolean includeArchivedTrainingStages:boolean
interviewerPool.info | hiringProcessMetadataRead | | interviewerPoolId!:id
job.list | jobsRead | pmtg | C S L createdAfter:integer status:enums(Draft,Open,Closed,Archived) openedAfter:integer openedBefore:integer closedAfter:integer closedBefore:integer includeUnpublishedJobPostingsIds:boolean expand:enums(location,openings)
job.info | jobsRead | | id!:id includeUnpublishedJobPostingsIds:boolean expand:enums(location,openings)
jobBoard.list | jobsRead | mg |
jobInterviewPlan.info | jobsRead | | jobId!:id
jobPosting.list | jobsRead | | location:string department:string listedOnly:boolean jobBoardId:id includeUnpublishedJobPostings:boolean
jobPosting.info | jobsRead | | jobPostingId!:id jobBoardId:id expand:enums(job) includeUnpublishedJobPostings:boolean
jobTemplate.list | jobsRead | pmtg | C S L expand:enums(location)
location.list | organizationRead | pmtg | C S L includeArchived:boolean includeLocationHierarchy:boolean
location.info | organizationRead | | locationId!:id
notetakerTranscript.info | notetakerRead | | notetakerTranscriptId!:id | notetaker
offer.list | offersRead | pmtg | C S L createdAfter:integer offerStatus:enums(WaitingOnApprovalStart,WaitingOnOfferApproval,WaitingOnApprovalDefinition,WaitingOnCandidateResponse,CandidateRejected,CandidateAccepted,OfferCancelled) acceptanceStatus:enums(Accepted,Declined,Pending,Created,Cancelled,WaitingOnResponse) applicationId:id approvalStatus:enums(Approved,WaitingOnApprovals,Declined)
offer.info | offersRead | | offerId!:id excludeFormDefinition:boolean
opening.list | jobsRead | ptg | C S L createdAfter:integer
opening.info | jobsRead | | openingId!:string
project.list | candidatesRead | pmtg | C S L createdAfter:integer
project.info | candidatesRead | | projectId!:string
referral.list | candidatesRead | pm | C L | referrals
sequence.list | sourcingRead | pm | C L candidateId:id | sequences
sequenceTemplate.list | sourcingRead | pm | C L includeArchived:boolean | sequences
source.list | hiringProcessMetadataRead | m | includeArchived:boolean
sourceTrackingLink.list | hiringProcessMetadataRead | pmg | includeDisabled:boolean sourceId:id
surveyFormDefinition.list | hiringProcessMetadataRead | pmtg | C S L
surveyFormDefinition.info | hiringProcessMetadataRead | | surveyFormDefinitionId!:id
surveyRequest.list | candidatesRead | pmtg | C S L createdAfter:integer surveyType!:enum(CandidateExperience) applicationId:id candidateId:id
surveySubmission.list | candidatesRead | pmtg | C S L surveyType!:enum(CandidateExperience,Questionnaire,HiringManagerExperience) createdAfter:integer
takeHomeAssignment.list | interviewsRead | pm | C L applicationId:id candidateId:id expand:enums(interview) | takeHomes
user.list | organizationRead | pmtg | C S L includeDeactivated:boolean
user.info | organizationRead | | userId!:id
user.listInterviewerPauses | organizationRead | | userId!:id
user.interviewerSettings | organizationRead | | userId!:id
report.generate | reportsRead | | reportId!:id requestId:string includeHeadersInData:boolean
apiKey.info | apiKeysRead | |
`;

const SHORT: Record<string, string> = { C: 'cursor:string', S: 'syncToken:string', L: 'limit:limit' };

/** Lists whose request schema has no cursor, yet whose answers may hand one out; a limit stays refused. */
export const CURSOR_IF_GIVEN: ReadonlySet<string> = new Set(['jobPosting.list', 'sourceTrackingLink.list']);

function parseParam(text: string): [string, Param, boolean] {
  const colon = text.indexOf(':');
  const name = text.slice(0, colon).replace('!', '');
  const [type, values] = text
    .slice(colon + 1)
    .replace(')', '')
    .split('(') as [string, string | undefined];
  const param = (values === undefined ? { type } : { type, values: values.split(',') }) as Param; // LINES is checked by tests
  return [name, param, text.slice(0, colon).endsWith('!')];
}

function parseLine(line: string): Endpoint {
  const [name = '', permission = '', flags = '', params = '', feature] = line.split('|').map((part) => part.trim());
  const parsed = params
    .split(/\s+/)
    .filter(Boolean)
    .map((text) => parseParam(SHORT[text] ?? text));
  return {
    name,
    permission: permission as Permission,
    params: new Map(parsed.map(([key, param]) => [key, param])),
    required: parsed.filter(([, , required]) => required).map(([key]) => key),
    paged: flags.includes('p'),
    saysMore: flags.includes('m'),
    takesToken: flags.includes('t'),
    givesToken: flags.includes('g'),
    ...(feature ? { feature: feature as keyof Features } : {}),
  };
}

export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(
  LINES.trim()
    .split('\n')
    .map((line) => parseLine(line))
    .map((endpoint) => [endpoint.name, endpoint]),
);
