/** Puts the connector's records into a DuckDB file, a table for each stream, as destinations do: objects stay JSON. */

import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DuckDBConnection } from '@duckdb/node-api';

type Property = { type?: string | string[]; format?: string };
const SCHEMAS = new URL('../../schemas/', import.meta.url).pathname;

/** Columns of a stream with their types in DuckDB. */
export function columnsOf(stream: string): Record<string, string> {
  const { properties } = JSON.parse(readFileSync(join(SCHEMAS, `${stream}.json`), 'utf8')) as {
    properties: Record<string, Property>;
  };
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, typeOf(property)]));
}

function typeOf({ type = [], format }: Property): string {
  const types = [type].flat().filter((each) => each !== 'null');
  if (types.length !== 1) return 'JSON';
  if (types[0] === 'string') return format === 'date-time' ? 'TIMESTAMPTZ' : format === 'date' ? 'DATE' : 'VARCHAR';
  return { boolean: 'BOOLEAN', integer: 'BIGINT', number: 'DOUBLE' }[types[0] ?? ''] ?? 'JSON';
}

/** Reads a file of protocol messages; of each stream in `streams`, the records become a table, empty if there are none. */
export async function loadMessages(
  connection: DuckDBConnection,
  { file, streams }: { file: string; streams: readonly string[] },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'source-ashby-load-'));
  const lines = new Map(streams.map((stream) => [stream, [] as string[]]));
  const files = new Map(
    await Promise.all(streams.map(async (stream) => [stream, await open(join(folder, stream), 'w', 0o600)] as const)),
  );
  try {
    const flush = async (stream: string): Promise<void> => {
      const waiting = lines.get(stream) ?? [];
      if (waiting.length > 0) await files.get(stream)?.writeFile(`${waiting.join('\n')}\n`);
      lines.set(stream, []);
    };
    for await (const line of createInterface({ input: createReadStream(file) })) {
      if (!line.startsWith('{"type":"RECORD"')) continue;
      const { record } = JSON.parse(line) as { record: { stream: string; data: object } };
      const waiting = lines.get(record.stream);
      if (!waiting) continue;
      waiting.push(JSON.stringify(record.data));
      if (waiting.length >= 1_000) await flush(record.stream);
    }
    for (const stream of streams) {
      await flush(stream);
      await files.get(stream)?.close();
      const columns = columnsOf(stream);
      const list = Object.entries(columns)
        .map(([name, type]) => `'${name}': '${type}'`)
        .join(', ');
      await connection.run(
        `create or replace table "${stream}" as select * from read_json('${join(folder, stream)}', format = 'newline_delimited', columns = {${list}}, maximum_object_size = 67108864)`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
