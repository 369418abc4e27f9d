/** Names that several kinds of rows embed. */

import { FIRST_NAMES, LAST_NAMES, awkwardInTurn, word } from '../words.ts';
import { roll, type World } from '../world.ts';

/** Name as it stands in candidates and, embedded, in applications. */
export function candidateName(world: World, c: number): string {
  const b = world.base('candidate', c);
  return awkwardInTurn(c) || `${word(FIRST_NAMES, roll(b, 1))} ${word(LAST_NAMES, roll(b, 2))}`;
}

export function candidateEmail(c: number): string {
  return `candidate${c}@${c % 2 ? 'example.org' : 'example.com'}`;
}

export function tagTitle(t: number): string {
  return ['Strong', 'Relocation', 'Silver medal', 'Alumni', 'Do not contact', 'Remote only'][t] ?? `Tag ${t + 1}`;
}
