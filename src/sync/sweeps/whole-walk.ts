import type { Row } from '../../ashby/rows/rows.ts';
import { Confidential } from '../../sweep/confidential.ts';
import { NewRows } from '../../sweep/created.ts';
import { UniqueKeys } from '../../sweep/unique-keys.ts';
import type { Width } from '../../sweep/key-words.ts';

export interface WholeWalkOptions {
  /** The field that identifies a row, and the bytes that its value takes. */
  keyField: string;
  width: Width;
  /** The field that says when a row came into being. */
  bornField: string;
  /** Wall-clock milliseconds. */
  nowMs: number;
  /** Keys of confidential rows that the last sweep saw. */
  confidential: readonly string[] | undefined;
}

/** What a walk over everything has seen of a list, in this run. */
export class WholeWalk {
  /** The keys, each once. */
  keys: UniqueKeys;
  /** The youngest rows, of this walk and of passes beside it. */
  readonly newRows: NewRows;
  readonly confidential: Confidential;
  /** No earlier did it begin; wall-clock milliseconds. */
  readonly notBeforeMs: number;
  #end: 'none' | 'seen' | 'printed' = 'none';
  /** Keys of rows that were created so lately that the next pass over changes brings them. */
  readonly #young = new Set<string>();
  readonly #options: WholeWalkOptions;

  constructor(options: WholeWalkOptions) {
    this.#options = options;
    this.keys = new UniqueKeys(options.width);
    this.notBeforeMs = options.nowMs;
    this.newRows = new NewRows(options.nowMs);
    this.confidential = new Confidential(options.confidential);
  }

  /** The walk begins, or begins again. */
  begin(): void {
    this.keys = new UniqueKeys(this.#options.width);
    this.confidential.begin();
    this.#end = 'none';
  }

  see(rows: readonly Row[]): void {
    for (const { value } of rows) {
      const key = String(value[this.#options.keyField]); // a text, as every row was checked for
      if (this.keys.add(key)) this.confidential.see(key, value);
      if (this.newRows.judge(key, value[this.#options.bornField]) === 'new') this.#young.add(key);
    }
  }

  /** The walk came to its end, whole and in the full form of its request. `printed`: so were all rows that it saw. */
  finish({ printed }: { printed: boolean }): void {
    this.#end = printed ? 'printed' : 'seen';
  }

  isYoung(key: string): boolean {
    return this.#young.has(key);
  }

  /** Whether it came to its end, and its keys can be compared. */
  get isSound(): boolean {
    return this.#end !== 'none' && this.keys.misfit === undefined;
  }

  get wasPrinted(): boolean {
    return this.#end === 'printed';
  }

  /** Whether confidential rows that the last sweep saw are all out of sight. */
  get hasLost(): boolean {
    return this.isSound && this.confidential.areLost((key) => this.keys.has(key));
  }
}
