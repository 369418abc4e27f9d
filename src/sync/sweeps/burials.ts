import type { AshbyClient } from '../../ashby/client.ts';
import { deferred, type Deferred } from '../../async/deferred.ts';
import { buriedAs, goesWithParent, parentOf } from '../../tables/lineage.ts';
import { sortNamed } from '../events/bury-named.ts';
import type { Heed } from '../events/heed.ts';
import type { Lane, Stream } from '../stream.ts';
import type { Graph } from '../walks/graph.ts';
import { isInterruption, type Taker } from '../walks/walk.ts';
import { buryKeys, burySwept } from './bury.ts';

export interface BurialsWorld {
  client: AshbyClient;
  graph: Graph;
  /** Wall-clock milliseconds. */
  now(): number;
}

/**
 * What comes behind the walks of each list: its sweep is concluded, rows that go with a parent's row are buried with
 * it, and so are those that events say are gone.
 */
export class Burials {
  readonly #world: BurialsWorld;
  readonly #streams: readonly Stream[];
  /** By table: the keys that this run buries, where the table's own walk or events tell. */
  readonly #buried = new Map<string, Deferred<readonly string[]>>();
  #lost: Promise<readonly string[]> | undefined;

  constructor(streams: readonly Stream[], world: BurialsWorld) {
    this.#world = world;
    this.#streams = streams;
    for (const { table, lanes, heed } of streams) {
      if (heed || lanes.some(({ sweep }) => sweep)) this.#buried.set(table.name, deferred());
    }
  }

  /** Resolves when nothing of the list is left to do; rejects with why it failed. */
  async after(stream: Stream, lane: Lane): Promise<void> {
    const buried: string[] = [];
    try {
      await this.#afterWalks(stream, lane, buried);
      if (stream.heed) await this.#afterEvents(stream, lane, { heed: stream.heed, buried });
    } finally {
      // Where it failed, what goes with these rows has an end of its own.
      this.#buried.get(stream.table.name)?.resolve(buried);
    }
  }

  async #afterWalks({ table, emitter, tellsDeleted }: Stream, lane: Lane, buried: string[]): Promise<void> {
    const { client, graph, now } = this.#world;
    const { key, surveyType, project, sweep } = lane;
    await walksOf(lane);
    if (sweep) {
      const member = { meter: emitter.meter, info: () => undefined, warn: (text: string) => emitter.warn(text) };
      const world = {
        client,
        now,
        walkAgain: (again: Taker) => graph.walkAgain({ table, surveyType }, { ...member, taker: again }),
        lost: () => (this.#lost ??= this.#findLost()),
      };
      buried.push(...(await burySwept({ table, key, emitter, sweeper: sweep.sweeper, project, tellsDeleted }, world)));
      return;
    }
    const parent = tellsDeleted && goesWithParent(table) ? parentOf(table) : undefined;
    const gone = (await this.#buried.get(parent?.name ?? '')?.promise) ?? [];
    await buryKeys({ table, key, emitter }, gone, now());
    buried.push(...gone);
  }

  /** The inbox must have come to its end, though the rows came without it: what it tells would be missing. */
  async #afterEvents(
    { table, emitter, tellsDeleted }: Stream,
    { key, sweep }: Lane,
    { heed, buried }: { heed: Heed; buried: string[] },
  ): Promise<void> {
    await heed.done;
    const info = tellsDeleted ? buriedAs(table)?.info : undefined;
    if (!info) return;
    const known = new Set(buried);
    const suspects = {
      ids: heed.gone().filter((id) => !known.has(id)),
      isSeen: (id: string) => sweep?.sweeper.hasSeen(id) === true,
      wasOpen: (id: string) => heed.wasOpen(id),
    };
    const { client, now } = this.#world;
    const { bury, open, left } = await sortNamed(info, suspects, { client, meter: emitter.meter });
    await buryKeys({ table, key, emitter }, bury, now());
    buried.push(...bury);
    sweep?.sweeper.buriedByEvents(bury);
    if (left.length > 0)
      emitter.info(
        `${left.length} rows that events say are gone are left to the next sweep: Ashby gave no clear answer about them.`,
      );
    heed.settled(open);
  }

  /**
   * Kinds of rows that the key has lost sight of. Candidates, applications and much else hang on confidential jobs and
   * vanish with them, so what one list shows counts for all. A list that showed some and cannot be read counts too.
   */
  async #findLost(): Promise<readonly string[]> {
    const lanes = this.#streams.flatMap(({ table, lanes: own }) => own.map((lane) => ({ table, lane })));
    const found = lanes.map(async ({ table, lane }) => {
      const walk = lane.sweep?.sweeper.walk;
      if (!walk?.confidential.wereThere) return [];
      const isRead = await walksOf(lane).then(
        () => true,
        (thrown: unknown) => {
          if (isInterruption(thrown)) throw thrown; // no time to find out: the next run does
          return false; // the stream itself says why
        },
      );
      return isRead && !walk.hasLost ? [] : [`confidential ${table.name}`];
    });
    return (await Promise.all(found)).flat();
  }
}

/** Resolves when the walks of a list have ended. */
async function walksOf({ taker, sweep }: Lane): Promise<void> {
  await Promise.all([taker.done, sweep?.taker?.done]);
}
