/** What a read with --out and --save-state leaves on the disk. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row, StateMessage } from './transcript.ts';
import { STAMP } from './transcript.ts';
import { compare, keyOf, type Difference } from './truth.ts';

/** The lines of a table's file, each parsed; half a line at the end is left out. */
export function linesOf(folder: string, table: string): Row[] {
  const file = join(folder, `${table}.jsonl`);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Row);
}

/** Of each key the row with the newest stamp; rows without one are all kept, so that `compare` sees what comes twice. */
export function rowsOf(folder: string, table: string): Row[] {
  const newest = new Map<string, Row>();
  const unstamped: Row[] = [];
  for (const row of linesOf(folder, table)) {
    const { [STAMP]: stamp } = row;
    if (typeof stamp !== 'string') {
      unstamped.push(row);
      continue;
    }
    const key = String(row[keyOf(table)]);
    const known = newest.get(key);
    if (!known || stamp >= String(known[STAMP])) newest.set(key, row);
  }
  return [...unstamped, ...[...newest.values()].map(({ [STAMP]: _stamp, ...row }) => row)];
}

export function compareFile(folder: string, table: string, expected: Iterable<Row>): Difference {
  return compare(table, rowsOf(folder, table), expected);
}

export function savedStates(file: string): StateMessage[] {
  return JSON.parse(readFileSync(file, 'utf8')) as StateMessage[];
}

export interface RunFile {
  status: string;
  began_at: string;
  ended_at: string | null;
  rows: number;
  requests: number;
  failed: { table: string | null; message: string; failure_type: string }[];
  tables: Record<string, Row & { status: string; rows: number; fresh_as_of: string | null }>;
}

export function runFile(folder: string): RunFile {
  return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunFile;
}
