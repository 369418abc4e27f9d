import type { Row } from '../../ashby/rows/rows.ts';
import type { UniqueKeys } from '../../sweep/unique-keys.ts';
import type { Emitter } from '../emit.ts';
import type { Stream } from '../stream.ts';
import { isInterruption } from '../walks/walk.ts';
import { madeRow } from './made-row.ts';
import type { WholeWalk } from './whole-walk.ts';

/** A selected table, and the promise of why some of its lists failed. */
export interface Reading {
  stream: Stream;
  failing: Promise<readonly unknown[]>;
}

/** Rows that are made at a time: the keys are kept packed, and only so many as objects. */
const ROWS_AT_A_TIME = 500;

/**
 * Prints a row for each living key of the tables that are swept. A table's keys come when all of its walks have ended
 * and been judged: all of them, or, where one failed or its guard tripped, none. Returns why the run was stopped, if it
 * was; never rejects with another table's failure.
 */
export async function writeLiveKeys({ emitter }: Stream, others: readonly Reading[]): Promise<readonly unknown[]> {
  const swept = others.filter(({ stream }) => stream.lanes.some(({ sweep }) => sweep));
  if (swept.length === 0) {
    emitter.info('no table is selected of which it can be found out what is gone, so there are no keys to list.');
    return [];
  }
  // One moment for all rows of the run: none of its walks began before.
  const beganMs = Math.min(...swept.flatMap(({ stream }) => walksOf(stream).map(({ notBeforeMs }) => notBeforeMs)));
  const leftOut: string[] = [];
  for (const { stream, failing } of swept) {
    const reasons = await failing;
    const stop = reasons.find(isInterruption);
    if (stop !== undefined) return [stop];
    const lists = reasons.length === 0 ? livingOf(stream) : undefined;
    if (lists) await writeTable(emitter, { name: stream.table.name, lists, beganMs });
    else leftOut.push(stream.table.name);
  }
  if (leftOut.length > 0) {
    emitter.warn(
      `the keys of ${leftOut.join(', ')} are left out in this run: the list was not read to its end, or so much is ` +
        'missing from it that it proves nothing. Take no row of these tables for deleted.',
    );
  }
  emitter.how.add('made of the walks of the other tables');
  return [];
}

function walksOf({ lanes }: Stream): WholeWalk[] {
  return lanes.flatMap(({ sweep }) => (sweep ? [sweep.sweeper.walk] : []));
}

/** The keys of each of the table's lists; undefined where one of them proves nothing. */
function livingOf({ lanes }: Stream): UniqueKeys[] | undefined {
  const lists = lanes.map(({ sweep }) => sweep?.sweeper.living);
  return lists.every((keys) => keys !== undefined) ? lists : undefined;
}

async function writeTable(
  emitter: Emitter,
  { name, lists, beganMs }: { name: string; lists: readonly UniqueKeys[]; beganMs: number },
): Promise<void> {
  const common = { listed_at: microseconds(beganMs), keys_listed: countOf(lists) };
  let rows: Row[] = [];
  const write = async (): Promise<void> => {
    await emitter.write(name, { rows, arrivedAtMs: beganMs, place: undefined });
    rows = [];
  };
  for (const id of eachOnce(lists)) {
    rows.push(madeRow({ _key: `${name}:${id}`, table: name, id, ...common }));
    if (rows.length === ROWS_AT_A_TIME) await write();
  }
  await write();
}

function countOf(lists: readonly UniqueKeys[]): number {
  if (lists.length === 1) return lists[0]?.size ?? 0;
  let count = 0;
  for (const _ of eachOnce(lists)) count += 1;
  return count;
}

/** The keys of all lists; one that is in several of them comes once. */
function* eachOnce(lists: readonly UniqueKeys[]): Generator<string, void, void> {
  for (const [index, keys] of lists.entries()) {
    const before = lists.slice(0, index);
    for (const key of keys) if (!before.some((list) => list.has(key))) yield key;
  }
}

/** A moment in the form of the stamps, so that both can be compared as texts too. */
function microseconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000Z`;
}
