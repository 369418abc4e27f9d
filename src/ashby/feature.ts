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
