import { createHash } from 'node:crypto';
import { textOf, type Cell } from './part.ts';

/**
 * The second half of a `_key`: what tells apart the rows that lie in one row of the parent. Wherever a row stands among
 * the others, it has the same one.
 */
export interface KeyParts {
  /** The columns that it is made of. */
  readonly columns: readonly string[];
  /** Whether it is Ashby's id, which is then taken as it is. Everything else becomes a digest. */
  readonly isId: boolean;
}

/**
 * A digest in the form of a UUID, so that keys of all tables are as long as two ids, and that a key never spells out an
 * e-mail address or the like. `turn` tells apart equal ones under one parent.
 */
export function digestOf(parts: readonly unknown[], turn: number): string {
  const text = JSON.stringify(turn === 0 ? parts : [...parts, turn]);
  const hex = createHash('sha256').update(text).digest('hex');
  // Version 8, which is free for such uses, and the variant that goes with it.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What is compared to order rows with equal parts; it must not depend on where they stand. */
export function contentOf(cells: readonly Cell[]): string {
  return cells.map(({ json }) => (typeof json === 'string' ? json : textOf(json))).join('\n');
}
