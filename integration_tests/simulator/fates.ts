/** What happens to rows from outside: they are deleted, merged, hidden from the key, and shown again. */

import type { Data } from './data/index.ts';
import type { TableName } from './tables.ts';
import { makeTies, type Rows, type Ties } from './ties.ts';

/** Tables whose rows name their candidate by id. */
const NAMING_CANDIDATES = [
  'application',
  'surveyRequest',
  'surveySubmission',
  'takeHomeAssignment',
  'referral',
  'sequence',
] as const;
const MOST_ORPHANS = 1_000;

export class Fates {
  readonly #data: Data;
  readonly #ties: Ties;
  /** Rows that were asked to be hidden, without those that are hidden because of them. */
  readonly #roots: Rows = new Map();
  #hidden: Rows = new Map();

  constructor(data: Data) {
    this.#data = data;
    this.#ties = makeTies(data);
  }

  /** Rows by id; throws for an id that no row has. Hidden rows are there. */
  living(table: TableName, ids: readonly string[]): number[] {
    const { world } = this.#data;
    return ids.map((id) => {
      const index = world.index(table, id);
      if (!world.state(table).exists(index)) throw new Error(`no ${table} has the id ${id}`);
      return index;
    });
  }

  /** `count` visible rows, spread evenly over the table. */
  spread(table: TableName, count: number): number[] {
    const state = this.#data.world.state(table);
    const wanted = Math.min(count, state.live);
    const step = state.size / Math.max(1, wanted);
    const chosen = new Set<number>();
    for (let n = 0; chosen.size < wanted; n++) {
      let index = Math.floor(n * step) % state.size;
      while (!state.has(index) || chosen.has(index)) index = (index + 1) % state.size;
      chosen.add(index);
    }
    return [...chosen];
  }

  choose(table: TableName, which: readonly string[] | number): number[] {
    return typeof which === 'number' ? this.spread(table, which) : this.living(table, which);
  }

  /** New rows; those that would hang on a deleted one are left out, as nobody could make them. */
  insert(table: TableName, instants: readonly (number | undefined)[]): number[] {
    const state = this.#data.world.state(table);
    let orphans = 0;
    return instants.map((ms) => {
      for (;;) {
        const index = state.insert(ms);
        if (this.#ties.rooted(table, index)) return index;
        state.remove(index);
        if (++orphans > MOST_ORPHANS)
          throw new Error(`there is hardly anything left that a new ${table} could belong to`);
      }
    });
  }

  /** Deletes rows, and what Ashby deletes with them: applications with their candidate, offers with the application. */
  remove(table: TableName, rows: readonly number[]): void {
    for (const [name, gone] of this.#ties.goneWith(table, rows)) {
      const state = this.#data.world.state(name);
      for (const index of gone) state.remove(index);
    }
  }

  /** Takes rows out of the key's sight, with what hangs on them; a job takes the candidates who applied nowhere else. */
  hide(table: TableName, rows: readonly number[]): void {
    const roots = this.#roots.get(table) ?? new Set();
    for (const row of rows) roots.add(row);
    this.#roots.set(table, roots);
    this.#conceal();
  }

  /** Shows rows again, or all of the table. Nothing about them has changed, so no delta names them. */
  show(table: TableName, rows: readonly number[] = [...(this.#roots.get(table) ?? [])]): number[] {
    const roots = this.#roots.get(table);
    const shown = rows.filter((row) => roots?.delete(row));
    this.#conceal();
    return shown;
  }

  /**
   * Makes one candidate part of another: the first id is gone, and what it had belongs to the second. Whatever names
   * another candidate than before has changed.
   */
  merge(from: number, into: number): void {
    const { world } = this.#data;
    if (from === into) throw new Error('a candidate cannot be merged with itself');
    const before = this.#ties.goneWith('candidate', [from]);
    world.merge(from, into);
    world.state('candidate').remove(from);
    world.state('candidate').change(into);
    for (const table of NAMING_CANDIDATES) {
      for (const row of before.get(table) ?? []) world.state(table).change(row);
    }
  }

  #conceal(): void {
    const hidden = this.#ties.hiddenWith(this.#roots);
    for (const table of new Set([...this.#hidden.keys(), ...hidden.keys()]))
      this.#data.world.state(table).hideOnly(hidden.get(table) ?? new Set());
    this.#hidden = hidden;
  }
}
