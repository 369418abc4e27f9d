/** What the demo draws: a table and a chart, as text. */

import type { SourceCount } from './sources.ts';
import type { TableTally } from './tally.ts';

const number = (value: number): string => value.toLocaleString('en-US');

/** One line a table, in the order in which they ended, and the sum. */
export function tableOf(tables: readonly TableTally[], total: { requests: number; seconds: number }): string {
  const seconds = ({ startedAtMs, endedAtMs }: TableTally): string =>
    startedAtMs === undefined || endedAtMs === undefined ? '' : ((endedAtMs - startedAtMs) / 1000).toFixed(1);
  const requests = ({ requests, shared }: TableTally): string =>
    requests === undefined ? '' : shared ? 'shared' : number(requests);
  const rows = tables.map((table) => [
    table.status === 'COMPLETE' ? table.stream : `${table.stream} (${table.status || 'not started'})`,
    number(table.records),
    requests(table),
    seconds(table),
  ]);
  const records = tables.reduce((sum, table) => sum + table.records, 0);
  const sum = [`${tables.length} tables`, number(records), number(total.requests), total.seconds.toFixed(1)];
  return grid([['stream', 'records', 'requests', 'seconds'], ...rows, sum]);
}

function grid(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('   ');
  const rule = widths.map((width) => '─'.repeat(width)).join('───');
  const [head = [], ...body] = rows;
  const sum = body.pop() ?? [];
  return [line(head), rule, ...body.map(line), rule, line(sum)].join('\n');
}

const MOST_BARS = 14;

/** Bars of applications by source; `columns` is how wide the terminal is. */
export function chartOf(counts: readonly SourceCount[], columns: number): string {
  if (counts.length === 0) return 'There are no applications to draw.';
  const total = ({ throughLinks, others }: SourceCount): number => throughLinks + others;
  const shown = counts.slice(0, MOST_BARS);
  const titleWidth = Math.min(28, Math.max(...shown.map(({ title }) => title.length)));
  const most = Math.max(...shown.map(total));
  const room = Math.max(10, Math.min(columns, 100) - titleWidth - number(most).length - 8);
  const length = (count: number): number => (count === 0 ? 0 : Math.max(1, Math.round((count / most) * room)));
  const bars = shown.map((count) => {
    const title = count.title.length > titleWidth ? `${count.title.slice(0, titleWidth - 1)}…` : count.title;
    const bar = '█'.repeat(length(count.throughLinks)) + '░'.repeat(length(count.others));
    return `  ${count.hasLinks ? '◆' : ' '} ${title.padEnd(titleWidth)} ${bar} ${number(total(count))}`;
  });
  const all = counts.reduce((sum, count) => sum + total(count), 0);
  const linked = counts.reduce((sum, count) => sum + count.throughLinks, 0);
  const rest = counts.slice(MOST_BARS);
  return [
    'Applications by source',
    '',
    ...bars,
    ...(rest.length > 0
      ? [`    and ${number(rest.reduce((sum, count) => sum + total(count), 0))} at ${rest.length} more sources`]
      : []),
    '',
    `  ◆ custom tracking links lead to this source   █ came through one   ░ came otherwise`,
    `  ${number(linked)} of ${number(all)} applications (${Math.round((linked / all) * 100)} %) came through custom tracking links.`,
  ].join('\n');
}
