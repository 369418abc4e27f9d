import { protectedJson, protectedRow } from './apply.ts';
import type { Protect, Protection } from './protection.ts';
import type { Rule } from './rules.ts';

/** What Ashby's webhooks carry under `data`, and the table whose rows look like it, as its API description has them. */
export const payloads: Readonly<Record<string, string>> = {
  application: 'application_details',
  candidate: 'candidates',
  deletedCandidate: 'candidates',
  mergedCandidate: 'candidates',
  interviewSchedule: 'interview_schedules',
  job: 'jobs',
  jobPosting: 'job_postings',
  offer: 'offer_details',
  opening: 'openings',
  surveySubmission: 'survey_submissions',
  takeHomeAssignment: 'take_home_assignments',
};

/** What stands beside them under `data`: ids and kinds, which name nobody. */
const beside = [
  'jobId',
  'offerId',
  'offerVersionId',
  'applicationId',
  'candidateId',
  'relatedEntityType',
  'eventType',
  'watermark',
  'webhookActionType',
];

/** Beside an object of its table an event may carry an id of what it is about. */
const alongside: Readonly<Record<string, readonly string[]>> = {
  interviewSchedule: ['candidateId'],
  jobPosting: ['jobId'],
  offer: ['applicationId'],
};

/** Makes the body that is kept of the body that came: known objects by the rules of their tables, unknown parts gone. */
export function eventProtector(protection: Protection): (body: Buffer) => Buffer {
  const rule = eventRule(protection);
  const tools = protection.tools('webhooks');
  return (body) => protectedJson({ bytes: body, from: start(body), to: body.length }, rule, tools);
}

/** The rules for a whole event. */
export function eventRule(protection: Protection): Rule {
  const mapping = object('data.interviewStageMappings[]', ['fromInterviewStageId', 'toInterviewStageId']);
  const carried = Object.entries(payloads).map(([name, table]): [string, Rule] => {
    const rule = protection.ruleOf(table);
    const ids = object('', alongside[name] ?? []);
    return [name, { ...rule, path: `data.${name}`, fields: new Map([...(rule.fields ?? []), ...(ids.fields ?? [])]) }];
  });
  const data = object('data', beside, {
    ...Object.fromEntries(carried),
    fromInterviewPlan: object('data.fromInterviewPlan', ['id', 'title']),
    toInterviewPlan: object('data.toInterviewPlan', ['id', 'title']),
    interviewStageMappings: {
      ...LEAF,
      ...{ scalar: undefined, path: 'data.interviewStageMappings', items: mapping },
    },
  });
  return object('', ['webhookActionId', 'action'], { data });
}

/** For events as the inbox gives them out, each with its body among what the inbox says of it. */
export function inboxProtect(protection: Protection): Protect {
  const rule = object('', ['number', 'id', 'action', 'receivedAt'], { body: eventRule(protection) });
  const tools = protection.tools('webhook_events');
  return (rows) => rows.map((row) => protectedRow(row, rule, tools));
}

const LEAF: Rule = {
  path: '',
  cut: false,
  scalar: 'keep',
  fields: undefined,
  items: undefined,
  open: undefined,
  phone: false,
};

function object(path: string, leaves: readonly string[], parts: Readonly<Record<string, Rule>> = {}): Rule {
  const fields = leaves.map((name): [string, Rule] => [
    name,
    { ...LEAF, path: path === '' ? name : `${path}.${name}` },
  ]);
  return { ...LEAF, path, scalar: undefined, fields: new Map([...fields, ...Object.entries(parts)]) };
}

/** Where the object begins: white space and a mark of the byte order may stand before it. */
function start(body: Buffer): number {
  return body.indexOf(0x7b);
}
