import { capacityOf } from '../../sweep/capacity.ts';
import type { Memory } from '../../sweep/memory.ts';
import type { UniqueKeys } from '../../sweep/unique-keys.ts';
import type { Verdict } from '../../sweep/verdict.ts';
import type { SweepState } from './sweep-state.ts';

/**
 * What memory and walk differ in, but for keys that were buried since because an event said so: they are no longer
 * missing, and where the walk has one all the same, the destination lacks it.
 */
export function differenceBut(
  buried: ReadonlySet<string>,
  memory: Memory,
  walk: UniqueKeys,
): ReturnType<Memory['compare']> {
  const difference = memory.compare(walk);
  if (difference === 'too-many') return difference;
  const onlyInFirst = difference.onlyInFirst.filter((key) => !buried.has(key));
  const alive = [...buried].filter((key) => walk.has(key));
  return { onlyInFirst, onlyInSecond: [...new Set([...difference.onlyInSecond, ...alive])] };
}

export function listed(name: 'loose' | 'buried', keys: ReadonlySet<string>): Partial<SweepState> {
  return keys.size === 0 ? {} : { [name]: [...keys] };
}

export function churnOf(verdict: Verdict): number | 'too-many' {
  if (verdict.kind === 'compared') return verdict.missing.length + verdict.print.length;
  return verdict.printWhole ? 'too-many' : 0;
}

export function capacityIn(memory: Memory | undefined): number | undefined {
  return memory?.held.kind === 'sketch' ? capacityOf(memory.held.sketch.shape.quarter) : undefined;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
