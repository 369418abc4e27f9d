import type { Row } from '../ashby/envelope.ts';
import { deferred } from '../deferred.ts';
import { parentsIn, type ChildReader, type Parent } from './child-reader.ts';
import type { ChildStream } from './definition.ts';
import type { PassPage } from './lists.ts';
import type { Consumer } from './pass.ts';
import type { PassState, Position } from './state.ts';
import type { StreamRun } from './stream-run.ts';
import { noToken, passStateAt } from './table-consumer.ts';

/** How many parents may wait for their turn before the list is held up. Only their ids are kept. */
const MOST_WAITING = 100_000;

export interface ChildConsumerOptions {
  run: StreamRun;
  stream: ChildStream;
  reader: ChildReader;
  /** The list's name in the stream's state. */
  key: string;
  fingerprint: string;
  start: Position;
  /** Which of a page's rows count as parents. */
  rowsOf(rows: readonly Row[]): readonly Row[];
}

type Item =
  | { kind: 'page'; parents: Parent[]; next: Position | undefined }
  | { kind: 'restart'; position: Position; why: string }
  | { kind: 'end'; token: string | undefined }
  | { kind: 'fail'; thrown: unknown };

/**
 * Makes a call for each row of a pass. It takes in pages as ids and works them off in order at its own pace, so that
 * the table itself may run ahead; its own state stands behind the last page whose children are all written.
 */
export class ChildConsumer implements Consumer {
  readonly done: Promise<void>;
  finished = false;
  readonly #options: ChildConsumerOptions;
  readonly #items: Item[] = [];
  readonly #seen: SeenParents | undefined;
  #waiting = 0;
  #from: string | null;
  #arrival = deferred();
  #room = deferred();

  constructor(options: ChildConsumerOptions) {
    this.#options = options;
    this.#from = options.start.from;
    this.#seen = options.stream.followUp === 'moved' ? new SeenParents(options) : undefined;
    this.done = this.#work().finally(() => {
      this.finished = true;
      this.#items.length = 0;
      this.#room.resolve();
    });
    this.done.catch(() => undefined); // whoever started the pass awaits it; until then it must not count as unhandled
  }

  async page({ rows, next }: PassPage): Promise<void> {
    const { run, stream, rowsOf } = this.#options;
    run.pages += 1;
    const parents = parentsIn(stream, rowsOf(rows));
    this.#waiting += parents.length;
    void this.#push({ kind: 'page', parents, next });
    while (this.#waiting > MOST_WAITING && !this.finished) {
      this.#room = deferred();
      await this.#room.promise;
    }
  }

  restart(position: Position, why: string): Promise<void> {
    return this.#push({ kind: 'restart', position, why });
  }

  end(token: string | undefined): Promise<void> {
    return this.#push({ kind: 'end', token });
  }

  fail(thrown: unknown): Promise<void> {
    return this.#push({ kind: 'fail', thrown });
  }

  #push(item: Item): Promise<void> {
    this.#items.push(item);
    this.#arrival.resolve();
    return Promise.resolve();
  }

  async #work(): Promise<void> {
    for (;;) {
      const item = await this.#next();
      if (item.kind === 'fail') throw item.thrown;
      if (item.kind === 'end') return this.#end(item.token);
      if (item.kind === 'restart') this.#restart(item.position, item.why);
      else await this.#readChildren(item.parents, item.next);
    }
  }

  async #next(): Promise<Item> {
    for (;;) {
      const item = this.#items.shift();
      if (item) return item;
      this.#arrival = deferred();
      await this.#arrival.promise;
    }
  }

  async #readChildren(parents: Parent[], next: Position | undefined): Promise<void> {
    const { run, reader } = this.#options;
    const wanted = this.#seen ? this.#seen.moved(parents) : parents;
    await reader.read(wanted, (parent) => this.#seen?.read(parent));
    this.#waiting -= parents.length;
    this.#room.resolve();
    if (next !== undefined && !this.#seen) this.#moveTo(next);
    run.checkpointIfDue();
  }

  #restart(position: Position, why: string): void {
    const { run } = this.#options;
    run.warn(why);
    run.how.add(why);
    this.#moveTo(position);
  }

  #end(token: string | undefined): void {
    this.#options.reader.tellSkipped();
    const { run, key, fingerprint, stream } = this.#options;
    if (this.#seen) return this.#seen.end();
    if (stream.followUp === 'all') return; // nothing of this run shortens the next one
    const kept = token ?? this.#from ?? undefined;
    if (token === undefined) run.warn(noToken(kept));
    run.setPass(key, passStateAt(fingerprint, kept, undefined));
  }

  #moveTo(position: Position): void {
    this.#from = position.from;
    const { run, key, fingerprint } = this.#options;
    run.setPass(key, passStateAt(fingerprint, position.from ?? undefined, position));
  }
}

/** Remembers at which `updatedAt` each parent was read, for a parent's list that has no sync token. */
class SeenParents {
  readonly #options: ChildConsumerOptions;
  readonly #seen: Map<string, string>;
  readonly #listed = new Set<string>();

  constructor(options: ChildConsumerOptions) {
    this.#options = options;
    this.#seen = new Map(Object.entries(options.run.pass(options.key)?.seen ?? {}));
    this.#remember(options.start.from === null ? 'full' : 'moved');
  }

  /** The parents that were never read, or have moved since, or do not say when they moved. */
  moved(parents: readonly Parent[]): Parent[] {
    for (const { id } of parents) this.#listed.add(id);
    return parents.filter(({ id, version }) => version === undefined || this.#seen.get(id) !== version);
  }

  read({ id, version }: Parent): void {
    if (version !== undefined) this.#seen.set(id, version);
    this.#remember(this.#options.start.from === null ? 'full' : 'moved');
  }

  end(): void {
    for (const id of this.#seen.keys()) if (!this.#listed.has(id)) this.#seen.delete(id);
    this.#remember(undefined);
  }

  #remember(unfinished: 'full' | 'moved' | undefined): void {
    const { run, key, fingerprint } = this.#options;
    const seen = this.#seen;
    // The object is made when a state is printed, not for each parent.
    const pass: PassState = {
      fingerprint,
      get seen() {
        return Object.fromEntries(seen);
      },
      ...(unfinished === undefined ? {} : { unfinished }),
    };
    run.setPass(key, pass);
  }
}
