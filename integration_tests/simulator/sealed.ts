/** Opaque strings for cursors and sync tokens: sealed with a checksum, so that a made-up one is noticed. */

import { hashText } from './ids.ts';

export function seal(kind: 'c' | 't', salt: number, values: readonly number[]): string {
  const text = kind + JSON.stringify(values);
  return Buffer.from(`${hashText(text + salt).toString(36)}.${text}`).toString('base64url');
}

/** The sealed numbers, or undefined when the string was not sealed by this simulator as this kind. */
export function unseal(kind: 'c' | 't', salt: number, sealed: string): number[] | undefined {
  const opened = Buffer.from(sealed, 'base64url').toString();
  const dot = opened.indexOf('.');
  const text = opened.slice(dot + 1);
  if (dot < 1 || !text.startsWith(kind) || opened.slice(0, dot) !== hashText(text + salt).toString(36))
    return undefined;
  return JSON.parse(text.slice(1)) as number[];
}

/** Hash of the part of a request that a cursor or token belongs to: everything but where to go on. */
export function shapeOf(endpoint: string, body: Record<string, unknown>): number {
  const keys = Object.keys(body)
    .filter((key) => key !== 'cursor' && key !== 'limit' && key !== 'syncToken')
    .sort();
  return keys.length === 0
    ? hashText(endpoint)
    : hashText(endpoint + JSON.stringify(keys.map((key) => [key, body[key]])));
}
