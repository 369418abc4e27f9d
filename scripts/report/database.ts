/** The two databases that marts are read from. */

import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { existsSync } from 'node:fs';
import type { Ask } from './figures.ts';

type Row = Record<string, unknown>;

export async function withDuckDb<V>(file: string, work: (connection: DuckDBConnection) => Promise<V>): Promise<V> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export const askDuckDb =
  (connection: DuckDBConnection): Ask =>
  async (sql) =>
    (await connection.runAndReadAll(sql)).getRowObjectsJson();

/** `database` is an address of Postgres or the path of a DuckDB file. */
export async function withDatabase<V>(database: string, work: (ask: Ask) => Promise<V>): Promise<V> {
  if (!/^postgres(ql)?:\/\//.test(database)) {
    if (!existsSync(database)) throw new Error(`There is no file ${database}.`);
    return withDuckDb(database, (connection) => work(askDuckDb(connection)));
  }
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    return await work(async (sql) => (await client.query<Row>(sql)).rows);
  } finally {
    await client.end();
  }
}
