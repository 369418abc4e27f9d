import type { Row } from '../../ashby/rows/rows.ts';
import { capacityOf, churnAfter } from '../../sweep/capacity.ts';
import { NewRows } from '../../sweep/created.ts';
import { isDue, LOOSE_AT_MOST, type Often } from '../../sweep/due.ts';
import { packMemory, unpackMemory } from '../../sweep/memory-text.ts';
import { Memory } from '../../sweep/memory.ts';
import { UniqueKeys } from '../../sweep/unique-keys.ts';
import { judge, settle, type Answer, type Verdict } from '../../sweep/verdict.ts';
import type { Width } from '../../sweep/key-words.ts';
import type { RoomBook } from './room-book.ts';
import type { SweepState } from './sweep-state.ts';
import { WholeWalk } from './whole-walk.ts';

export interface SweeperOptions {
  /** The field that identifies a row, and the bytes that its value takes. */
  keyField: string;
  width: Width;
  /** The field that says when a row came into being. */
  bornField: string;
  /** How many keys may be asked for one by one; undefined where Ashby has no call for that. */
  asksAtMost: number | undefined;
  known: SweepState | undefined;
  often: Often;
  /** When the run began, wall-clock milliseconds. */
  nowMs: number;
  book: RoomBook;
}

/** What is to be printed again, beside tombstones. */
export type Reprint = 'all' | ReadonlySet<string>;

export interface Conclusion {
  /** Keys of which tombstones are due. */
  bury: readonly string[];
  reprint: Reprint;
  /** Takes the verdict into the memory. Called when all that is due was printed: a state must not run ahead of it. */
  remember(): void;
}

/**
 * Knows, for one list of a stream, which keys live in the destination, and finds out what is gone: from what the
 * table's own walk prints, and from a walk over everything. It writes nothing; what it remembers goes out with the
 * stream's state.
 */
export class Sweeper {
  /** Whether a walk over everything is due in this run. */
  readonly due: boolean;
  /** What a walk over everything sees, be it the table's own or one beside it. */
  readonly walk: WholeWalk;
  readonly #options: SweeperOptions;
  readonly #memoryBefore: Memory | undefined;
  readonly #newRows: NewRows;
  readonly #loose: Set<string>;
  /** Keys that a pass over changes has printed in this run. */
  readonly #named: UniqueKeys;
  #living: UniqueKeys | undefined;
  #state: SweepState | undefined;
  #text: string | undefined;

  constructor(options: SweeperOptions) {
    const { known, often, nowMs, book, keyField, width, bornField } = options;
    this.#options = options;
    this.#named = new UniqueKeys(width);
    this.#state = known;
    this.#text = known?.memory;
    this.#memoryBefore = unpackMemory(known?.memory);
    this.#newRows = new NewRows(known ? Date.parse(known.since) : nowMs, known?.recent);
    this.walk = new WholeWalk({ keyField, width, bornField, nowMs, confidential: known?.confidential });
    this.#loose = new Set(known?.loose);
    const sweptMs = known && this.#memoryBefore ? Date.parse(known.at) : undefined;
    this.due = isDue(often, { sweptMs, nowMs, loose: this.#loose.size, isWhole: this.#newRows.isWhole });
    book.enter(this, { width, chars: known && this.#memoryBefore ? known.memory.length : undefined });
  }

  /** Rows that a pass over changes prints. */
  printed(rows: readonly Row[]): void {
    for (const { value } of rows) {
      const key = String(value[this.#options.keyField]); // a text, as every row was checked for
      this.#named.add(key);
      this.walk.newRows.judge(key, value[this.#options.bornField]);
      const age = this.#newRows.judge(key, value[this.#options.bornField]);
      if (!this.#memoryBefore || age === 'known') continue;
      if (age === 'new' || this.#memoryBefore.knows(key) === false) {
        this.#memoryBefore.add(key);
        this.#text = undefined;
      } else if (this.#memoryBefore.knows(key) === undefined && this.#loose.size <= LOOSE_AT_MOST) {
        this.#loose.add(key); // one more than fit is enough for the next run to sweep
      }
    }
  }

  /** The keys that live in Ashby, as this run proves; undefined where it proves nothing, or its guard tripped. */
  get living(): UniqueKeys | undefined {
    return this.#living;
  }

  /** The pass that the rows come from came to its end: the next one starts where this one began. */
  endPass(): void {
    const { nowMs } = this.#options;
    if (!this.#state) return;
    this.#state = { ...this.#state, since: iso(nowMs), recent: this.#newRows.pack(nowMs) };
  }

  /** What the walk over everything means, where it is sound. `lost`: kinds of rows that the key has lost sight of, in whatever table. */
  verdict(lost: readonly string[] = []): Verdict {
    const { asksAtMost, known } = this.#options;
    const before = this.#memoryBefore;
    return judge({
      before: before?.size,
      now: this.walk.keys.size,
      difference: before ? before.compare(this.walk.keys) : { onlyInFirst: [], onlyInSecond: [] },
      capacity: capacityIn(before),
      loose: [...this.#loose],
      isSound: this.#newRows.isWhole,
      lost,
      isLiving: (key) => this.walk.keys.has(key),
      isYoung: (key) => this.#loose.has(key) || this.walk.isYoung(key) || this.#named.has(key),
      suspects: known?.suspects ?? [],
      asksAtMost,
    });
  }

  /** What is to be printed, once the keys were asked for. */
  conclude(verdict: Verdict, answers: ReadonlyMap<string, Answer>): Conclusion {
    const reprint = this.#reprintOf(verdict);
    if (verdict.kind === 'guarded') return { bury: [], reprint, remember: () => this.#guarded(verdict) };
    const { bury, keep, suspects } =
      verdict.kind === 'compared'
        ? settle(verdict, answers, (key) => this.walk.keys.has(key))
        : { bury: [], keep: this.#printedUnseen(), suspects: [] };
    const isProof = verdict.kind === 'compared' || !verdict.printWhole;
    const remember = (): void => {
      this.#renew(keep, suspects, churnOf(verdict));
      if (isProof) this.#living = this.walk.keys;
    };
    return { bury, reprint, remember };
  }

  /** What the state remembers, as things stand. */
  state(): SweepState | undefined {
    if (!this.#state) return undefined;
    const { loose: _loose, ...rest } = this.#state;
    const memory = (this.#text ??= this.#memoryBefore ? packMemory(this.#memoryBefore) : rest.memory);
    const inMidst = rest.since === this.#options.known?.since;
    const recent = inMidst ? this.#newRows.pack() : rest.recent;
    return { ...rest, memory, recent, ...(this.#loose.size === 0 ? {} : { loose: [...this.#loose] }) };
  }

  /** The old memory stays, with what is printed by name added to it. */
  #guarded({ print, suspects }: Verdict): void {
    for (const key of print) this.#memoryBefore?.add(key);
    this.#text = undefined;
    if (this.#state) this.#state = { ...this.#state, at: iso(this.#options.nowMs), suspects };
  }

  /** What was printed in this run is not printed again. */
  #reprintOf(verdict: Verdict): Reprint {
    const { healed, print } = verdict;
    if (this.walk.wasPrinted) return new Set();
    if ('printWhole' in verdict && verdict.printWhole) return 'all';
    return new Set(healed > 0 ? print.filter((key) => !this.#named.has(key)) : []);
  }

  /** What a pass over changes printed beside the walk, and the walk passed by, lives in the destination all the same. */
  #printedUnseen(): string[] {
    return [...this.#named].filter((key) => !this.walk.keys.has(key));
  }

  #renew(keep: readonly string[], suspects: readonly string[], named: number | 'too-many'): void {
    const { book, known, nowMs, width } = this.#options;
    for (const key of keep) this.walk.keys.add(key);
    const churn = churnAfter(known?.churn, named, capacityIn(this.#memoryBefore) ?? 0);
    const capacity = book.capacityFor(this, { width, keys: this.walk.keys.size, churn: known ? churn : undefined });
    const memory = packMemory(Memory.of(this.walk.keys, capacity));
    book.enter(this, { width, chars: memory.length });
    this.#text = memory;
    this.#loose.clear();
    const at = iso(nowMs);
    const { kept } = this.walk.confidential;
    this.#state = {
      at,
      since: at,
      memory,
      recent: this.walk.newRows.pack(nowMs),
      ...(suspects.length === 0 ? {} : { suspects }),
      ...(churn === 0 ? {} : { churn }),
      ...(kept.length === 0 ? {} : { confidential: kept }),
    };
  }
}

function churnOf(verdict: Verdict): number | 'too-many' {
  if (verdict.kind === 'compared') return verdict.missing.length + verdict.print.length;
  return verdict.printWhole ? 'too-many' : 0;
}

function capacityIn(memory: Memory | undefined): number | undefined {
  return memory?.held.kind === 'sketch' ? capacityOf(memory.held.sketch.shape.quarter) : undefined;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
