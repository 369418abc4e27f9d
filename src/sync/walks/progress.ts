import type { CallsWork, BegunParent } from '../../sources/calls/work.ts';
import { Digests } from '../../sources/digests.ts';
import { Owing } from '../../sources/calls/owing.ts';
import type { CallsPlace } from '../../sources/place.ts';
import { Ledger } from './ledger.ts';
import type { Parents } from './parents.ts';

/** So many parents may be begun behind the first one that is open. */
const MOST_OPEN = 1_000;

export interface ProgressOptions {
  /** Where the table stood when the run began. */
  start: CallsPlace;
  parents: Parents;
  /** The token that this run's walk over the parents gave; null where it gave none. */
  token: string | null;
  /** When all parents are asked about, the moment of the walk (ISO 8601). */
  allAt: string | undefined;
}

/** How far the calls of one table have come. Its places have the same size at ten parents and at a million. */
export class TokenProgress implements CallsWork {
  readonly owing: Owing;
  readonly token: string | null;
  readonly ids: Iterable<string>;
  /** How many ids there are. */
  readonly count: number;
  readonly #start: CallsPlace;
  readonly #allAt: string | undefined;
  readonly #ledger: Ledger<string>;

  constructor({ start, parents, token, allAt }: ProgressOptions) {
    this.#start = start;
    this.owing = new Owing(start);
    // A resumed run ends with the token of the first walk: what changed since then is the next run's.
    this.token = start.walk ? start.walk.gave : token;
    this.#allAt = start.walk ? start.walk.allAt : allAt;
    this.#ledger = new Ledger(MOST_OPEN, start.walk?.behind);
    this.ids = parents.ids.behind(start.walk?.behind);
    this.count = parents.ids.countBehind(start.walk?.behind);
  }

  track(id: string): BegunParent {
    return this.#ledger.track(id);
  }

  hasRoom(): boolean {
    return this.#ledger.hasRoom;
  }

  read(): void {
    // the ledger knows
  }

  shortened(id: string): void {
    this.owing.again(id);
  }

  place(): CallsPlace {
    const behind = this.#ledger.reached;
    const walk = {
      gave: this.token,
      ...(behind === undefined ? {} : { behind }),
      ...(this.#allAt === undefined ? {} : { allAt: this.#allAt }),
    };
    const { from, cursor } = this.#start;
    return { kind: 'calls', from, ...(cursor === undefined ? {} : { cursor }), walk, ...this.#kept(this.#start.allAt) };
  }

  placeAtEnd(): CallsPlace {
    // Without a token the one before is still right, and names what this run has read once more.
    return { kind: 'calls', from: this.token ?? this.#start.from, ...this.#kept(this.#allAt ?? this.#start.allAt) };
  }

  #kept(allAt: string | undefined): Partial<CallsPlace> {
    return { ...this.owing.parts(), ...(allAt === undefined ? {} : { allAt }) };
  }
}

/** The same for parents whose list gives no token: what is remembered is the version at which each of them was read. */
export class VersionProgress implements CallsWork {
  readonly owing: Owing;
  readonly token = null;
  readonly ids: Iterable<string>;
  /** How many ids there are. */
  readonly count: number;
  readonly #seen: Digests;
  readonly #versions: ReadonlyMap<string, string>;
  readonly #parents: Parents;
  readonly #whole: boolean;
  #open = 0;

  constructor({ start, parents }: Pick<ProgressOptions, 'start' | 'parents'>) {
    this.owing = new Owing(start);
    this.#seen = new Digests(start.seen);
    this.#versions = parents.versions;
    this.#parents = parents;
    this.#whole = start.seen === undefined || start.whole === true;
    this.ids = this.#moved();
    this.count = [...this.#moved()].length;
  }

  track(): BegunParent {
    this.#open += 1;
    return { done: () => void (this.#open -= 1) };
  }

  hasRoom(): boolean {
    return this.#open < MOST_OPEN;
  }

  read(id: string): void {
    const version = this.#versions.get(id);
    if (version !== undefined) this.#seen.add(id, version);
  }

  shortened(): void {
    // what is not remembered as seen is asked for again
  }

  place(): CallsPlace {
    return { ...this.#placeWith(this.#seen), ...(this.#whole ? { whole: true } : {}) };
  }

  /** Only what is still listed is remembered. */
  placeAtEnd(): CallsPlace {
    const listed = new Digests();
    for (const [id, version] of this.#versions) if (this.#seen.has(id, version)) listed.add(id, version);
    return this.#placeWith(listed);
  }

  #placeWith(seen: Digests): CallsPlace {
    return { kind: 'calls', from: null, ...this.owing.parts(), seen: seen.pack() };
  }

  /** The parents that were never read, or have moved since, or do not say when they moved. */
  *#moved(): Generator<string, void, void> {
    for (const id of this.#parents.ids.behind(undefined)) {
      const version = this.#versions.get(id);
      if (version === undefined || !this.#seen.has(id, version)) yield id;
    }
  }
}
