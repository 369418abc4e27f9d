import type { AshbyClient } from '../../ashby/client.ts';
import type { Row } from '../../ashby/rows/rows.ts';
import type { Batch } from '../../sources/batch.ts';
import { DELETED_FIELD, type Table } from '../../tables/definition.ts';
import type { Project } from '../../tables/project.ts';
import { deferred } from '../../async/deferred.ts';
import type { Emitter } from '../emit.ts';
import type { Taker } from '../walks/walk.ts';
import { confirm } from './confirm.ts';
import { madeRow } from './made-row.ts';
import type { Sweeper } from './sweeper.ts';
import type { Reprint } from './sweeper-types.ts';

/** One list of a stream whose walk over everything has ended. */
export interface SweptLane {
  table: Table;
  /** The list's name in the stream's state. */
  key: string;
  emitter: Emitter;
  sweeper: Sweeper;
  project: Project;
  /** Whether tombstones of this table reach somebody who acts on them. */
  tellsDeleted: boolean;
}

export interface BuryWorld {
  client: AshbyClient;
  /** Wall-clock milliseconds. */
  now(): number;
  /** Walks the lane's list once more over everything. Resolves when the walk has ended, however it did. */
  walkAgain(taker: Taker): Promise<void>;
  /** Kinds of rows that the key has lost sight of since the last sweep, in whatever table of this run. */
  lost(): Promise<readonly string[]>;
}

/** Says what a sweep found, prints tombstones and what no pass has named. Returns the keys of the rows that are gone. */
export async function burySwept(lane: SweptLane, world: BuryWorld): Promise<readonly string[]> {
  const { table, emitter, sweeper } = lane;
  if (!sweeper.walk.isSound) return [];
  const verdict = sweeper.verdict(await world.lost());
  if (verdict.say?.level === 'WARN') emitter.warn(verdict.say.text);
  if (verdict.say?.level === 'INFO') emitter.info(verdict.say.text);
  const asked = verdict.kind === 'compared' && table.info ? verdict.ask : [];
  const answers = table.info
    ? await confirm(table.info, asked, { client: world.client, meter: emitter.meter })
    : new Map();
  const { bury, reprint, remember } = sweeper.conclude(verdict, answers);
  if (lane.tellsDeleted) await buryKeys(lane, bury, world.now());
  if (reprint === 'all' || reprint.size > 0) await printAgain(lane, reprint, world);
  remember();
  return bury;
}

/** Prints a tombstone for each key: the key, and when the row was found to be gone. */
export async function buryKeys(
  { table, key, emitter }: Pick<SweptLane, 'table' | 'key' | 'emitter'>,
  keys: readonly string[],
  nowMs: number,
): Promise<void> {
  if (keys.length === 0) return;
  const [column = 'id'] = table.key;
  const deletedAt = new Date(nowMs).toISOString();
  const rows = keys.map((gone) => madeRow({ [column]: gone, [DELETED_FIELD]: deletedAt }));
  await emitter.write(key, { rows, arrivedAtMs: nowMs, place: undefined });
  emitter.how.add(`${keys.length} rows that are gone in Ashby were marked as deleted`);
}

async function printAgain(
  { table, key, emitter, project }: SweptLane,
  reprint: Reprint,
  world: BuryWorld,
): Promise<void> {
  const [column = 'id'] = table.key;
  const wanted = ({ value }: Row): boolean => reprint === 'all' || reprint.has(String(value[column]));
  const end = deferred();
  await world.walkAgain({
    begin: () => undefined,
    take: async (batch: Batch) => {
      const rows = project(batch).filter(wanted);
      await emitter.write(key, { rows, arrivedAtMs: batch.arrivedAtMs, place: undefined });
    },
    restart: () => undefined,
    finish: () => end.resolve(),
    fail: (thrown) => end.reject(thrown),
  });
  await end.promise;
}
