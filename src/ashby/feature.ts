import { ConnectorError } from '../errors.ts';
import type { AshbyError } from './envelope.ts';

/**
 * Whether a refusal may mean that the account lacks a paid or beta feature, given that the key works. Such refusals
 * come with codes that nobody lists, so an unknown code in an answer with status 200 may be one. A redirection, a
 * request that is too large or malformed, or a refusal without any reason is none.
 */
export function mayBeAboutFeature({ kind, status, code }: AshbyError): boolean {
  if (kind === 'unknown') return status === 200 && code !== undefined;
  return kind === 'unavailable' || kind === 'bad-key' || kind === 'not-found';
}

/** The error for an unknown endpoint that every account has: that cannot be a feature that is switched off. */
export function notAshby(failure: AshbyError): ConnectorError {
  return new ConnectorError(
    `What answers in Ashby's place does not know a list that every Ashby account has (${said(failure)}). ` +
      'Check the network and any proxy between the connector and api.ashbyhq.com, then try again.',
    { failureType: 'config_error', internalMessage: failure.internalMessage, cause: failure },
  );
}

/** The code of a refusal or, where it has none, its status. */
export function said({ code, status }: AshbyError): string {
  return code ?? `status ${status ?? 'none'}`;
}
