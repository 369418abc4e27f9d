import type { AshbyClient, Meter } from '../../ashby/client.ts';
import { KEYS_PAGE } from '../../ashby/permissions.ts';
import type { SourceWorld } from '../../sources/ask.ts';
import type { Batches, End } from '../../sources/batch.ts';
import { boardBatches } from '../../sources/boards.ts';
import { callBatches } from '../../sources/calls/calls.ts';
import type { CallsWork } from '../../sources/calls/work.ts';
import { EVERYTHING, type CallsPlace, type Place } from '../../sources/place.ts';
import type { BoardsSource, CallsSource, TableOf } from '../../tables/definition.ts';
import type { Parents, ParentsReader } from './parents.ts';
import { TokenProgress, VersionProgress } from './progress.ts';
import { NO_TOKEN } from './table-taker.ts';
import { runWalk, type Taker } from './walk.ts';

export interface FanOutWorld {
  client: AshbyClient;
  /** Wall-clock milliseconds. */
  now(): number;
}

/** Whoever lives on the calls; the first of them pays for the requests and speaks for all. */
export interface Member {
  taker: Taker;
  meter: Meter;
  info(message: string): void;
  warn(message: string): void;
}

/** A walk that begins when another one, over the parents, has come to its end. */
abstract class AfterParents implements ParentsReader {
  protected readonly members: Member[] = [];
  protected readonly world: FanOutWorld;

  constructor(world: FanOutWorld) {
    this.world = world;
  }

  add(member: Member): void {
    this.members.push(member);
  }

  begin(): void {
    for (const { taker } of this.members) taker.begin();
  }

  fail(thrown: unknown): void {
    for (const { taker } of this.members) taker.fail(thrown);
  }

  abstract restart(start: Place, why: string): void;
  abstract ready(parents: Parents, end: End): void;

  protected get takers(): Taker[] {
    return this.members.map(({ taker }) => taker);
  }

  protected source(): SourceWorld {
    const [first] = this.members;
    if (!first) throw new Error('a walk without anybody on it');
    return { ...this.world, meter: first.meter, warn: (message) => first.warn(message) };
  }
}

/**
 * The calls for the rows of another table. The parents' list is walked to its end first, since a call for each of
 * 100,000 parents outlives every cursor; then they are worked through in the order of their ids, which no later walk
 * changes. Runs until all takers have ended; it rejects nothing, failures are told to them.
 */
export class FanOut extends AfterParents {
  readonly #table: TableOf<CallsSource>;
  #start: CallsPlace;

  constructor(table: TableOf<CallsSource>, start: CallsPlace, world: FanOutWorld) {
    super(world);
    this.#table = table;
    this.#start = start;
  }

  /** The parents' token is lost, or their list begins again: more parents come, and those that are done stay so. */
  restart(start: Place, why: string): void {
    const { cursor: _cursor, ...rest } = this.#start;
    this.#start = start.kind === 'everything' ? { ...rest, from: null } : rest;
    for (const { taker } of this.members) taker.restart(start, why);
  }

  ready(parents: Parents, end: End): void {
    const { source, idField = 'id', parentIdField } = this.#table; // null stays null
    if (end.tokenMissing) this.members[0]?.warn(NO_TOKEN);
    const work = this.#work(parents, end);
    const meter = this.members[0]?.meter;
    if (meter) meter.requestsDue = meter.requests + work.count;
    const report = once(() => this.#report(work));
    const batches = (): Batches => callBatches({ source, idField, parentIdField }, work, this.source());
    const open = async function* (): Batches {
      try {
        for await (const batch of batches()) {
          if (batch.end) report();
          yield batch;
        }
      } finally {
        report();
      }
    };
    void runWalk({ open, start: this.#start, takers: this.takers, recovers: false });
  }

  #work(parents: Parents, { token }: End): TokenProgress | VersionProgress {
    if (this.#table.source.follow === 'moved') return new VersionProgress({ start: this.#start, parents });
    const all = this.#table.source.revisit && (this.#start.from === null || this.#start.due);
    const allAt = all ? new Date(this.world.now()).toISOString() : undefined;
    return new TokenProgress({ start: this.#start, parents, token, allAt });
  }

  #report({ owing: { counts, examples } }: CallsWork): void {
    const [first] = this.members;
    if (!first || counts.unknown === 0) return;
    const { unknown, letGo } = counts;
    first.warn(
      `Ashby did not know ${unknown} of the rows that it was asked about (${named(examples)})` +
        `${letGo > 0 ? `, ${letGo} of them for the second time, so they are let go` : ''}; the others are asked for once more in the next run. ` +
        `If you miss rows, check the key's permissions and its access to confidential jobs ${KEYS_PAGE}.`,
    );
  }
}

/** Postings, one list for each board. */
export class Boards extends AfterParents {
  readonly #table: TableOf<BoardsSource>;

  constructor(table: TableOf<BoardsSource>, world: FanOutWorld) {
    super(world);
    this.#table = table;
  }

  restart(start: Place, why: string): void {
    for (const { taker } of this.members) taker.restart(start, why);
  }

  ready({ ids }: Parents): void {
    const open = (): Batches => boardBatches(this.#table.source, [...ids.behind(undefined)], this.source());
    void runWalk({ open, start: EVERYTHING, takers: this.takers });
  }
}

/** Ids come from the server: only what looks like one is shown. */
function named(ids: readonly string[]): string {
  return ids.map((id) => (/^[\w-]{1,64}$/.test(id) ? id : 'an odd id')).join(', ');
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
