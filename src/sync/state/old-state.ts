import { Digests } from '../../sources/digests.ts';
import type { Place } from '../../sources/place.ts';
import { isText, isTextOrNull } from './shapes.ts';
import { isObject } from '../../json-text.ts';
import type { Remembered } from './state.ts';

/**
 * The lists of a state that release 0.1.0 printed (format version 1), as places of today. Tokens and unfinished walks
 * go on. The place of a child table that was in the midst of its parents' list begins that walk again, from the token
 * that it started from: its position was a page, and is an id today. A mark of audit_log proves nothing, since that
 * release read 24 hours at a time and moved the mark over what lay between; it is dropped.
 *
 * Undefined where it is no such state.
 */
export function readOldState(passes: unknown): Record<string, Remembered> | undefined {
  const lists: Record<string, Remembered> = {};
  if (passes === undefined) return lists;
  if (!isObject(passes)) return undefined;
  for (const [key, pass] of Object.entries(passes)) {
    const remembered = readPass(pass);
    if (!remembered) return undefined;
    lists[key] = remembered;
  }
  return lists;
}

function readPass(pass: unknown): Remembered | undefined {
  if (!isObject(pass) || !isText(pass['fingerprint'])) return undefined;
  const { fingerprint, token, running, seen, unfinished } = pass;
  if (token !== undefined && !isText(token)) return undefined;
  let place: Place = token === undefined ? { kind: 'everything' } : { kind: 'changes', token };
  if (running !== undefined) {
    if (!isObject(running) || !isTextOrNull(running['from']) || !isText(running['cursor'])) return undefined;
    place = { kind: 'walking', from: running['from'], cursor: running['cursor'] };
  }
  if (seen !== undefined) {
    if (!isObject(seen) || !Object.values(seen).every((version) => typeof version === 'string')) return undefined;
    const digests = new Digests();
    for (const [id, version] of Object.entries(seen)) digests.add(id, String(version));
    place = { kind: 'calls', from: null, seen: digests.pack(), ...(unfinished === 'full' ? { whole: true } : {}) };
  }
  return { fingerprint, place };
}
