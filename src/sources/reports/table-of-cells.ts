import { createHash } from 'node:crypto';
import { itemsOf, membersOf, type JsonSpan } from '../../ashby/rows/json-scan.ts';
import { openAnswer, type Row } from '../../ashby/rows/rows.ts';
import { columnNames, REPORT_FIELDS } from '../../tables/reports.ts';
import { isObject } from '../../json-text.ts';

/** Why a complete report cannot be read as a table; undefined where it can. */
export function reportFault(row: Row): string | undefined {
  const data = row.value['reportData'];
  if (!isObject(data)) return 'a complete report without its data';
  const { columnNames: names, data: rows, metadata } = data;
  if (!isTexts(names)) return 'a report without the names of its columns';
  if (!Array.isArray(rows) || !rows.every((cells) => Array.isArray(cells))) return 'a report whose data is no table';
  if (rows.some((cells) => cells.length !== names.length))
    return 'a report with a row of another width than its columns';
  return isObject(metadata) ? undefined : 'a report without its metadata';
}

/** The columns of a report that was looked at, named for a table, in the order of the report. */
export function columnsOfReport({ value }: Row): string[] {
  const data = value['reportData'];
  return isObject(data) && isTexts(data['columnNames']) ? columnNames(data['columnNames']) : [];
}

/**
 * The rows of a report that was looked at. Each cell is a text as Ashby wrote it, so that no digit is lost and no
 * column changes its type when its values do; null stays null. `_key` is made of what stands in the row, and of the
 * number of rows before it that are the same: reports have no ids.
 */
export function rowsOfReport(answer: Row, reportId: string): Row[] {
  const columns = columnsOfReport(answer);
  const data = valueAt(answer.json, 'reportData');
  const found = data && valueAt(data, 'data');
  const lists = (found && itemsOf(found)) ?? [];
  const texts = lists.map(({ json }) => (itemsOf(json) ?? []).map((item) => cellText(item.json)));
  const rows = isHeading(texts[0], answer) ? texts.slice(1) : texts;
  const generatedAt = JSON.stringify(generatedAtOf(answer));
  const times = new Map<string, number>();
  const lines = rows.map((cells) => {
    const same = createHash('sha256')
      .update(`${reportId}\n${cells.join('\n')}`)
      .digest('hex')
      .slice(0, 32);
    const time = (times.get(same) ?? 0) + 1;
    times.set(same, time);
    const key = time === 1 ? same : `${same}:${time}`;
    const own = cells.map((cell, index) => `${JSON.stringify(columns[index])}:${cell}`);
    const [keyField, idField, timeField] = REPORT_FIELDS;
    return `{${[`"${keyField}":"${key}"`, `"${idField}":${JSON.stringify(reportId)}`, `"${timeField}":${generatedAt}`, ...own].join()}}`;
  });
  const opened = openAnswer(Buffer.from(`{"results":[${lines.join()}]}`));
  if (opened?.results.kind === 'rows') return opened.results.rows;
  throw new Error('rows of a report are no JSON');
}

/** The JSON of a cell: null, or a text that holds what Ashby wrote. */
function cellText({ bytes, from, to }: JsonSpan): string {
  const written = bytes.toString('utf8', from, to);
  return written === 'null' || written.startsWith('"') ? written : JSON.stringify(written);
}

/** The names of the columns were not asked for as a first row; where they come all the same, they are no data. */
function isHeading(cells: readonly string[] | undefined, { value }: Row): boolean {
  const data = value['reportData'];
  const names: unknown = isObject(data) ? data['columnNames'] : undefined;
  if (!cells || !isTexts(names) || names.length === 0) return false;
  return cells.every((cell, index) => JSON.parse(cell) === names[index]);
}

function generatedAtOf({ value }: Row): unknown {
  const data = value['reportData'];
  const metadata = isObject(data) && isObject(data['metadata']) ? data['metadata'] : {};
  const time = metadata['reportGeneratedAt'] ?? metadata['updatedAt'];
  return typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? time : null;
}

function valueAt(span: JsonSpan, name: string): JsonSpan | undefined {
  return (membersOf(span) ?? []).findLast((member) => member.name === name)?.value; // as JSON.parse, the last one counts
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string');
}
