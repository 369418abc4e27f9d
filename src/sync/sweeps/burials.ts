import type { AshbyClient } from '../../ashby/client.ts';
import { deferred, type Deferred } from '../../deferred.ts';
import { goesWithParent, parentOf } from '../../tables/lineage.ts';
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
 * What comes behind the walks of each list: its sweep is concluded, and rows that go with a parent's row are buried
 * with it.
 */
export class Burials {
  readonly #world: BurialsWorld;
  readonly #streams: readonly Stream[];
  /** By table: the keys that this run buries, where the table is swept. */
  readonly #buried = new Map<string, Deferred<readonly string[]>>();
  #lost: Promise<readonly string[]> | undefined;

  constructor(streams: readonly Stream[], world: BurialsWorld) {
    this.#world = world;
    this.#streams = streams;
    for (const { table, lanes } of streams) {
      if (lanes.some(({ sweep }) => sweep)) this.#buried.set(table.name, deferred());
    }
  }

  /** Resolves when nothing of the list is left to do; rejects with why it failed. */
  async after(stream: Stream, lane: Lane): Promise<void> {
    const told = this.#buried.get(stream.table.name);
    try {
      const buried = await this.#afterWalks(stream, lane);
      told?.resolve(buried);
    } catch (failure) {
      told?.resolve([]); // what goes with these rows has an end of its own
      throw failure;
    }
  }

  async #afterWalks({ table, emitter, tellsDeleted }: Stream, lane: Lane): Promise<readonly string[]> {
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
      return burySwept({ table, key, emitter, sweeper: sweep.sweeper, project, tellsDeleted }, world);
    }
    const parent = tellsDeleted && goesWithParent(table) ? parentOf(table) : undefined;
    const gone = (await this.#buried.get(parent?.name ?? '')?.promise) ?? [];
    await buryKeys({ table, key, emitter }, gone, now());
    return gone;
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
