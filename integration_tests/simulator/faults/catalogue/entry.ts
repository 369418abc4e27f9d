/** One row of the catalogue of faults. */

import type { FaultEffect } from '../effects.ts';

export const GROUPS = ['connection', 'bytes', 'status', 'refusal', 'envelope', 'paging', 'rows', 'values'] as const;

export interface CatalogueEntry {
  /** Unique, for test titles and tables. */
  name: string;
  group: (typeof GROUPS)[number];
  /** What the server does, for the person who reads the table. */
  does: string;
  effect: FaultEffect;
  /**
   * always: the answer is right all the same. once: the next answer is right, so that asking again helps, unless the
   * fault is thrown always. never: the server means it, and asking again is of no use.
   */
  passes: 'always' | 'once' | 'never';
  /**
   * Answers that it can strike: any; a list's; a page of a list with more behind it; the last page of a list that gives
   * a sync token; the object of an `.info` call.
   */
  at: 'any' | 'list' | 'page' | 'lastPage' | 'info';
  /** The rows are right all the same; what is spoilt is the place from which a later run would go on. */
  sparesRows?: true;
  /** Costs a client one of its time-outs. */
  slow?: true;
}

/** Entries of one group; what most of them have in common is said once. */
export function entries(
  group: CatalogueEntry['group'],
  common: Pick<CatalogueEntry, 'passes' | 'at'>,
  rows: readonly (Omit<CatalogueEntry, 'group' | 'passes' | 'at'> & Partial<CatalogueEntry>)[],
): CatalogueEntry[] {
  return rows.map((row) => ({ group, ...common, ...row }));
}
