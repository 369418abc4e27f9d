import type { FailureType } from '../errors.ts';
import { KEYS_PAGE, permissionName, type Permission } from './permissions.ts';

/**
 * What a refusal means to the reader of a list. The reader acts on this, never on codes:
 * `token-lost` a full pass is due; `cursor-lost` the pass starts again; `not-found` the parent is gone;
 * `unavailable` this account does not have the endpoint or its feature; `skip-row` this one row cannot be had.
 */
export type ErrorKind =
  | 'bad-key'
  | 'permission'
  | 'token-lost'
  | 'cursor-lost'
  | 'not-found'
  | 'skip-row'
  | 'unavailable'
  | 'bad-request'
  | 'throttled'
  | 'passing'
  | 'unknown';

export interface Refusal {
  /** The HTTP status; 200 is common, since Ashby puts errors into answers that look successful. */
  status: number;
  /** Ashby's code, where the answer has one. */
  code: string | undefined;
  endpoint: string;
  permission: Permission;
}

export interface Verdict {
  kind: ErrorKind;
  failureType: FailureType;
  retry: 'no' | 'passing' | 'throttled';
  /** What happened and what to do, for the user. */
  message: string;
}

type Row = (refusal: Refusal) => Verdict;

const config = (kind: ErrorKind, message: string): Verdict => ({
  kind,
  failureType: 'config_error',
  retry: 'no',
  message,
});
const system = (kind: ErrorKind, message: string): Verdict => ({
  kind,
  failureType: 'system_error',
  retry: 'no',
  message,
});
const passing = (message: string): Verdict => ({
  kind: 'passing',
  failureType: 'transient_error',
  retry: 'passing',
  message,
});

/** Also an answer 403 without a code: by Ashby's documentation a missing permission would come with one. */
const badKey: Row = ({ permission, endpoint, status }) => {
  const tick =
    status === 401 || permission === 'apiKeysRead'
      ? ''
      : ` If other tables can be read with it, tick ${permissionName(permission)} instead.`;
  return config(
    'bad-key',
    `The API key is wrong or deactivated: Ashby refused it at ${endpoint} (status ${status}). Make a key ${KEYS_PAGE} and paste it again.${tick}`,
  );
};

const missingPermission: Row = ({ permission, endpoint }) =>
  config(
    'permission',
    `The API key lacks the permission ${permissionName(permission)} that ${endpoint} needs. ` +
      `Tick it ${KEYS_PAGE}, or deselect the tables that need it.`,
  );

const tokenLost: Row = ({ endpoint, code }) =>
  system(
    'token-lost',
    `Ashby no longer accepts the sync token of ${endpoint} (${code ?? 'no code'}). Run the sync again; if this comes back, refresh the table.`,
  );

const cursorLost: Row = ({ endpoint, code }) => ({
  kind: 'cursor-lost',
  failureType: 'transient_error',
  retry: 'no',
  message: `Ashby no longer accepts the page position of ${endpoint} (${code ?? 'no code'}). Run the sync again.`,
});

const unavailable: Row = ({ endpoint, code }) =>
  config(
    'unavailable',
    `Your Ashby account does not offer ${endpoint} (${code ?? 'unknown endpoint'}): it is a paid or beta feature that is not switched on. ` +
      'Deselect the table, or ask Ashby to enable the feature.',
  );

const throttled: Row = ({ endpoint }) => ({
  kind: 'throttled',
  failureType: 'transient_error',
  retry: 'throttled',
  message:
    `Ashby kept answering "too many requests" at ${endpoint}. Other tools seem to use the same API key: ` +
    'give this connector a key of its own, lower "Requests per minute" in its configuration, or run it at another time.',
});

const invalidInput: Row = ({ endpoint }) =>
  system(
    'bad-request',
    `Ashby did not accept the connector's request to ${endpoint}. Update the connector; if it is up to date, report this.`,
  );

const internal: Row = ({ endpoint }) =>
  passing(`Ashby had an internal error at ${endpoint} that did not go away. Run the sync again later.`);

/** Codes that Ashby documents or that were seen in answers (changelog of 2026-05-14 and 2026-08-04; OpenAPI description). */
const byCode: Record<string, Row> = {
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
  return code !== undefined && (Object.hasOwn(byCode, code) || NOT_FOUND.test(code));
}

const NOT_FOUND = /(^|_)not_found$/;

/**
 * Turns a refusal into what it means. Pure: the same refusal always gets the same verdict. The code counts before
 * the status, since Ashby answers most refusals with status 200. What nobody knows is not retried and fails clearly.
 */
export function judge(refusal: Refusal): Verdict {
  const { status, code, endpoint } = refusal;
  const row = code === undefined || !Object.hasOwn(byCode, code) ? undefined : byCode[code];
  if (row && status !== 429 && status < 500) return row(refusal);
  if (status === 429) return throttled(refusal);
  if (status === 408 || status >= 500) return internal(refusal);
  if (code !== undefined && NOT_FOUND.test(code))
    return system('not-found', `${endpoint}: Ashby no longer has this object (${code}).`);
  if (status === 401 || status === 403) return badKey(refusal);
  if (code === undefined && (status === 404 || status === 405 || status === 410)) return unavailable(refusal);
  if (code === undefined && (status === 400 || status === 422)) return invalidInput(refusal);
  if (status >= 300 && status < 400) {
    return system(
      'unknown',
      `${endpoint} answered with a redirection (status ${status}), which is not followed to keep the API key safe. Check the network between the connector and Ashby.`,
    );
  }
  return system(
    'unknown',
    `Ashby refused ${endpoint} for a reason that the connector does not know (${code ?? `status ${status}`}). Report this with the log of the run.`,
  );
}

/** An answer that is not Ashby's: worth another try, since proxies and maintenance pages come and go. */
export function unreadable(endpoint: string, why: string): Verdict {
  return passing(
    `${endpoint} answered with something that is not an answer of Ashby's (${why}), and kept doing so. ` +
      'Check the network and any proxy between the connector and Ashby, then run the sync again.',
  );
}

/** No answer came. */
export function unreachable(endpoint: string, code: string): Verdict {
  return passing(
    `The connector could not reach Ashby at ${endpoint} (${code}). Check that it may connect to api.ashbyhq.com, port 443, then run the sync again.`,
  );
}
