import type { Row } from '../../ashby/rows/rows.ts';
import { Confidential } from '../../sweep/confidential.ts';
import { NewRows } from '../../sweep/created.ts';
import { UniqueKeys } from '../../sweep/unique-keys.ts';
import { WIDTH } from './room-book.ts';

/** What a walk over everything has seen of a list, in this run. */
export class WholeWalk {
  /** The keys, each once. */
  keys = new UniqueKeys(WIDTH);
  /** The youngest rows, of this walk and of passes beside it. */
  readonly newRows: NewRows;
  readonly confidential: Confidential;
  #end: 'none' | 'seen' | 'printed' = 'none';
  /** Keys of rows that were created so lately that the next pass over changes brings them. */
  readonly #young = new Set<string>();
  readonly #keyField: string;

  constructor(options: { keyField: string; nowMs: number; confidential: readonly string[] | undefined }) {
    this.#keyField = options.keyField;
    this.newRows = new NewRows(options.nowMs);
    this.confidential = new Confidential(options.confidential);
  }

  /** The walk begins, or begins again. */
  begin(): void {
    this.keys = new UniqueKeys(WIDTH);
    this.confidential.begin();
    this.#end = 'none';
  }

  see(rows: readonly Row[]): void {
    for (const { value } of rows) {
      const key = String(value[this.#keyField]); // a text, as every row was checked for
      if (this.keys.add(key)) this.confidential.see(key, value);
      if (this.newRows.judge(key, value['createdAt']) === 'new') this.#young.add(key);
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
