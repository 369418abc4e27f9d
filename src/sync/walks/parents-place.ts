import { EVERYTHING, type CallsPlace, type Place } from '../../sources/place.ts';
import type { Table } from '../../tables/definition.ts';
import { requiredParent } from '../../tables/lineage.ts';

/** Where the walk over the parents starts for calls that start here. */
export function placeOf(parent: Table, { from, cursor }: CallsPlace): Place {
  const { kind } = parent.source;
  if (kind === 'calls') return { kind, from };
  if (kind === 'inside') return placeOf(requiredParent(parent), { kind: 'calls', from, ...(cursor ? { cursor } : {}) });
  if (cursor !== undefined) return { kind: 'walking', from, cursor };
  return kind === 'boards' || from === null ? EVERYTHING : { kind: 'changes', token: from };
}
