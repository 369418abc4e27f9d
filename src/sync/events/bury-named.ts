import type { AshbyClient, Meter } from '../../ashby/client.ts';
import type { Answer } from '../../sweep/verdict.ts';
import type { Confirmation } from '../../tables/definition.ts';
import { confirm } from '../sweeps/confirm.ts';

export interface Suspects {
  /** Rows that events say are gone. */
  ids: readonly string[];
  /** Whether this run has seen the row living. */
  isSeen(id: string): boolean;
  /** Whether it was asked about in an earlier run, without a clear answer. */
  wasOpen(id: string): boolean;
}

/** What is to become of them. */
export interface Sorted {
  bury: readonly string[];
  /** To be asked for once more in the next run. */
  open: readonly string[];
  /** Asked for twice without a clear answer: left to the next sweep. */
  left: readonly string[];
}

/**
 * Asks Ashby about rows that events say are gone, since an event may be late, or wrong by now. Dead is what Ashby does
 * not find and this run has not seen; and a candidate in whose place it twice gives another one that lives. What it
 * finds lives, and is left alone.
 */
export async function sortNamed(
  info: Confirmation,
  { ids, isSeen, wasOpen }: Suspects,
  world: { client: AshbyClient; meter: Meter },
): Promise<Sorted> {
  const answers = await confirm(info, ids, world);
  const kept = new Set(
    [...answers.values()].flatMap((answer) => (typeof answer === 'object' ? [answer.mergedInto] : [])),
  );
  const keepers = await confirm(info, [...kept], world);
  const isDead = (id: string, answer: Answer | undefined): boolean => {
    if (typeof answer === 'object') return keepers.get(answer.mergedInto) === 'living';
    return answer === 'not-found' && !isSeen(id);
  };
  const bury = ids.filter((id) => isDead(id, answers.get(id)));
  const unclear = ids.filter((id) => answers.get(id) !== 'living' && !bury.includes(id));
  return { bury, open: unclear.filter((id) => !wasOpen(id)), left: unclear.filter(wasOpen) };
}
