/** Databases for the models: filled with records of the connector, built by dbt, and read again. */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { columnsOf, loadMessages } from '../../scripts/report/load.ts';

type Row = Record<string, unknown>;
const ROOT = new URL('../../', import.meta.url).pathname;
export const DBT = join(ROOT, '.models/venv/bin/dbt');
const TYPES: Record<string, string> = { VARCHAR: 'text', JSON: 'jsonb', DOUBLE: 'double precision' };

export interface Built {
  code: number;
  said: string;
}

/** Runs dbt; with `ownTarget`, what it compiles goes into a folder that is thrown away. */
export function dbt(args: readonly string[], env: Record<string, string>, ownTarget = true): Promise<Built> {
  const folder = mkdtempSync(join(tmpdir(), 'source-ashby-dbt-'));
  const places = ['--project-dir', join(ROOT, 'dbt'), '--profiles-dir', join(ROOT, 'integration_tests/models')];
  const own = [...(ownTarget ? ['--target-path', folder] : []), '--log-path', folder, '--no-use-colors'];
  return new Promise((resolve) => {
    execFile(
      DBT,
      [...args, ...places, ...own],
      { env: { PATH: process.env['PATH'], DO_NOT_TRACK: '1', ...env }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        rmSync(folder, { recursive: true, force: true });
        resolve({ code: error ? Number(error.code ?? 1) : 0, said: `${stdout}${stderr}` });
      },
    );
  });
}

/** A DuckDB file in a folder of its own. */
export class DuckDb {
  readonly folder = mkdtempSync(join(tmpdir(), 'source-ashby-duckdb-'));
  readonly file = join(this.folder, 'warehouse.duckdb');

  async run<V>(work: (connection: Awaited<ReturnType<DuckDBInstance['connect']>>) => Promise<V>): Promise<V> {
    const instance = await DuckDBInstance.create(this.file);
    const connection = await instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }

  async load(messages: string, streams: readonly string[]): Promise<void> {
    const file = join(this.folder, 'messages.jsonl');
    writeFileSync(file, messages);
    await this.run((connection) => loadMessages(connection, { file, streams }));
  }

  rows(sql: string): Promise<Row[]> {
    return this.run(async (connection) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[]);
  }

  drop(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Tables in Postgres, as jsonb and typed columns whose names keep their case. */
export async function loadPostgres(url: string, messages: string, streams: readonly string[]): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const rows = new Map(streams.map((stream) => [stream, [] as object[]]));
    for (const line of messages.split('\n')) {
      if (!line.startsWith('{"type":"RECORD"')) continue;
      const { record } = JSON.parse(line) as { record: { stream: string; data: object } };
      rows.get(record.stream)?.push(record.data);
    }
    for (const [stream, some] of rows) {
      const columns = Object.entries(columnsOf(stream)).map(([name, type]) => `"${name}" ${TYPES[type] ?? type}`);
      await client.query(`create table "${stream}" (${columns.join(', ')})`);
      const json = JSON.stringify(some).replaceAll('\\u0000', ''); // Postgres has no such character
      await client.query(`insert into "${stream}" select * from jsonb_populate_recordset(null::"${stream}", $1)`, [
        json,
      ]);
    }
  } finally {
    await client.end();
  }
}
