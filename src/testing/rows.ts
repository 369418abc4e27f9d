import { openAnswer, type Row } from '../ashby/rows/rows.ts';

/** Rows as they come out of an answer of Ashby's that holds these values. */
export function rowsOf(values: readonly unknown[]): Row[] {
  return rowsIn(JSON.stringify({ results: values }));
}

/** Rows as they come out of this answer; throws where it has none. */
export function rowsIn(answer: string): Row[] {
  const opened = openAnswer(Buffer.from(answer));
  if (opened?.results.kind !== 'rows') throw new Error(`no rows in ${answer}`);
  return opened.results.rows;
}

/** Rows that are nothing but an id. */
export function rowsWithIds(...ids: readonly string[]): Row[] {
  return rowsOf(ids.map((id) => ({ id })));
}

/** What would be printed of a row. */
export function textOf({ json: { bytes, from, to } }: Row): string {
  return bytes.toString('utf8', from, to);
}

export function idsOf(rows: readonly Row[]): unknown[] {
  return rows.map(({ value }) => value['id']);
}
