import { KEYS_PAGE, permissionName, type Permission } from './permissions.ts';
import { config, passing, system, type Verdict } from './verdict.ts';

export { blocked, tooLarge, unreachable, unreadable } from './no-answer.ts';
export type { ErrorKind, Verdict } from './verdict.ts';

export interface Refusal {
  /** The HTTP status; 200 is common, since Ashby puts errors into answers that look successful. */
  status: number;
  /** Ashby's code, where the answer has one. */
  code: string | undefined;
  endpoint: string;
  permission: Permission;
}

type Meaning = (refusal: Refusal) => Verdict;

/** Also an answer 403 without a code: by Ashby's documentation a missing permission would come with one. */
const badKey: Meaning = ({ permission, status, code }) => {
  const tick =
    status === 401 || code !== undefined || permission === 'apiKeysRead'
      ? ''
      : ` If other tables can be read with it, tick ${permissionName(permission)} instead.`;
  return config(
    'bad-key',
    `The API key is wrong or deactivated: Ashby refused it (${code === undefined ? '' : `${code}, `}status ${status}). Make a key ${KEYS_PAGE} and paste it again.${tick}`,
  );
};

const refusedAccount: Meaning = ({ code }) =>
  config(
    'bad-key',
    `Ashby refuses the account that the API key belongs to (${code ?? 'no code'}). ` +
      `Check in Ashby that the account is in use, and make a key of an active account ${KEYS_PAGE}.`,
  );

const missingPermission: Meaning = ({ permission, endpoint }) =>
  config(
    'permission',
    `The API key lacks the permission ${permissionName(permission)} that ${endpoint} needs. ` +
      `Tick it ${KEYS_PAGE}, or deselect the tables that need it.`,
  );

const tokenLost: Meaning = ({ endpoint, code }) =>
  system(
    'token-lost',
    `Ashby no longer accepts the sync token of ${endpoint} (${code ?? 'no code'}). Run the sync again; if this comes back, refresh the table.`,
  );

const cursorLost: Meaning = ({ endpoint, code }) => ({
  kind: 'cursor-lost',
  failureType: 'transient_error',
  retry: 'no',
  message: `Ashby no longer accepts the page position of ${endpoint} (${code ?? 'no code'}). Run the sync again.`,
});

const unavailable: Meaning = ({ endpoint, code }) =>
  config(
    'unavailable',
    `Your Ashby account does not offer ${endpoint} (${code ?? 'unknown endpoint'}): it is a paid or beta feature that is not switched on. ` +
      'Deselect the table, or ask Ashby to enable the feature.',
  );

const throttled: Meaning = ({ endpoint }) => ({
  kind: 'throttled',
  failureType: 'transient_error',
  retry: 'throttled',
  message:
    `Ashby kept answering "too many requests" at ${endpoint}. Other tools seem to use the same API key: ` +
    'give this connector a key of its own, lower "Requests per minute" in its configuration, or run it at another time.',
});

const invalidInput: Meaning = ({ endpoint }) =>
  system(
    'bad-request',
    `Ashby did not accept the connector's request to ${endpoint}. Update the connector; if it is up to date, report this.`,
  );

const internal: Meaning = ({ endpoint }) =>
  passing(`Ashby had an internal error at ${endpoint} that did not go away. Run the sync again later.`);

const unknown: Meaning = ({ endpoint, status, code }) => {
  if (status >= 300 && status < 400) {
    return system(
      'unknown',
      `${endpoint} answered with a redirection (status ${status}), which is not followed to keep the API key safe. Check the network between the connector and Ashby.`,
    );
  }
  const words = statusWords[status];
  const reason = words === undefined ? 'for a reason that the connector does not know' : `because ${words}`;
  const detail = code === undefined ? `status ${status}` : `${code}, status ${status}`;
  return system('unknown', `Ashby refused ${endpoint} ${reason} (${detail}). Report this with the log of the run.`);
};

/** Codes that Ashby documents or that were seen in answers (changelog of 2026-05-14 and 2026-08-04; OpenAPI description). */
const byCode: Record<string, Meaning> = {
  missing_endpoint_permission: missingPermission,
  sync_token_expired: tokenLost,
  sync_token_invalid: tokenLost,
  incremental_sync_too_large: tokenLost,
  next_cursor_expired: cursorLost,
  invalid_next_cursor: cursorLost,
  cursor_invalid: cursorLost,
  audit_logs_not_enabled: unavailable,
  notetaker_transcript_not_enabled: unavailable,
  feature_not_enabled: unavailable,
  notetaker_transcript_expired: ({ endpoint }) => system('skip-row', `${endpoint}: this transcript is no longer kept.`),
  invalid_input: invalidInput,
  rate_limit_exceeded: throttled,
  concurrent_limit_exceeded: throttled,
  generic_internal_error: internal,
};

/** Whether Ashby is known to refuse with this code. */
export function isKnownCode(code: string | undefined): boolean {
  return code !== undefined && (Object.hasOwn(byCode, code) || saysGone(code));
}

/**
 * What can be asked for by its id, so that "<thing>_not_found" says that it is gone (OpenAPI description, llms.txt). Any
 * other thing that is not found, an organization above all, is no news of a row.
 */
const things = new Set(
  (
    'application approval archive_reason assessment brand candidate candidate_tag close_reason communication_template ' +
    'custom_field department feedback_form_definition file interview interview_event interview_plan interview_schedule ' +
    'interview_stage interview_stage_group interviewer_pool job job_board job_interview_plan job_posting job_template ' +
    'location notetaker_transcript offer opening project referral report resource sequence sequence_template source survey_form ' +
    'survey_form_definition survey_request take_home_assignment user webhook'
  ).split(' '),
);

/** Whether a code says that the object that was asked for by its id does not exist. */
function saysGone(code: string): boolean {
  return code === 'not_found' || (code.endsWith('_not_found') && things.has(code.slice(0, -'_not_found'.length)));
}

/** Codes about the key, or about the account that it belongs to: no request can succeed. Not documented, so by form. */
const REFUSED_KEY =
  /^(invalid_api_key|(api_)?(key|token)_(expired|revoked|disabled|deactivated|invalid|inactive|not_found))$/;
const REFUSED_ACCOUNT =
  /^(account|organi[sz]ation|org|tenant|workspace|company)_(suspended|disabled|deactivated|inactive|locked|closed|deleted|not_found)$/;

/** Whether a code says that the key, or the account that it belongs to, is refused. */
export function blamesKey(code: string | undefined): boolean {
  return code !== undefined && (REFUSED_KEY.test(code) || REFUSED_ACCOUNT.test(code));
}

/** What statuses mean that no code of Ashby's explains. */
const statusWords: Record<number, string> = {
  402: 'a payment is due',
  406: 'it cannot answer in the form that was asked for',
  407: 'a proxy on the way wants a user name and a password',
  409: 'it is at odds with something else',
  411: 'it wants to know the length of the request',
  413: 'the request is too large',
  414: 'the address is too long',
  415: 'it does not take requests of this form',
  418: 'it does not want to',
  421: 'the request reached the wrong server',
  426: 'it wants another protocol',
  431: 'the headers are too large',
  451: 'it may not, for legal reasons',
};

/**
 * Turns a refusal into what it means. Pure: the same refusal always gets the same verdict. The code counts before
 * the status, since Ashby answers most refusals with status 200. What nobody knows is not retried and fails clearly.
 */
export function judge(refusal: Refusal): Verdict {
  const { status, code } = refusal;
  if (status === 429) return throttled(refusal);
  if (status === 408 || status === 425 || status >= 500) return internal(refusal);
  return code === undefined ? judgeStatus(refusal) : judgeCode(refusal, code);
}

function judgeCode(refusal: Refusal, code: string): Verdict {
  const { status, endpoint } = refusal;
  const meaning = Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  if (meaning) return meaning(refusal);
  if (saysGone(code)) return system('not-found', `${endpoint}: Ashby no longer has this object (${code}).`);
  if (REFUSED_ACCOUNT.test(code)) return refusedAccount(refusal);
  if (REFUSED_KEY.test(code) || status === 401 || status === 403) return badKey(refusal);
  return unknown(refusal);
}

function judgeStatus(refusal: Refusal): Verdict {
  const { status } = refusal;
  if (status === 401 || status === 403) return badKey(refusal);
  if (status === 404 || status === 405 || status === 410) return unavailable(refusal);
  if (status === 400 || status === 422) return invalidInput(refusal);
  return unknown(refusal);
}
