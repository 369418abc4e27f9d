/** A destination that keeps, of each key, the row with the newest stamp. */

import { keyOf, type Difference } from './truth.ts';
import { compare } from './truth.ts';
import { STAMP, type Row, type Transcript } from './transcript.ts';

export class Store {
  readonly #tables = new Map<string, Map<string, Row>>();

  apply(transcript: Transcript): void {
    for (const { record } of transcript.messages) if (record) this.#put(record.stream, record.data);
  }

  rows(stream: string): Row[] {
    return [...(this.#tables.get(stream)?.values() ?? [])].map(({ [STAMP]: _stamp, ...row }) => row);
  }

  compare(stream: string, expected: Iterable<Row>): Difference {
    return compare(stream, this.rows(stream), expected);
  }

  #put(stream: string, row: Row): void {
    const table = this.#tables.get(stream) ?? new Map<string, Row>();
    this.#tables.set(stream, table);
    const key = String(row[keyOf(stream)]);
    const known = table.get(key);
    if (!known || String(row[STAMP] ?? '') >= String(known[STAMP] ?? '')) table.set(key, row);
  }
}
