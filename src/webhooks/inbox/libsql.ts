import { ConnectorError } from '../../errors.ts';
import { codeOf } from '../failure.ts';

/** What is stored in and comes out of a column. BLOBs go in as Buffer and come out as Buffer or ArrayBuffer. */
export type Value = number | string | Buffer | ArrayBuffer | null;
export type Row = Record<string, Value>;

export interface Statement {
  run(values: readonly Value[]): { changes: number };
  get(values: readonly Value[]): Row | undefined;
  all(values: readonly Value[]): Promise<Row[]>;
}

/**
 * The part of libsql's API that is used; the package types it as `any`. `exec` runs on another thread, so the fsync of
 * a COMMIT does not hold up the event loop; a prepared statement runs on this one.
 */
export interface Connection {
  exec(sql: string): Promise<void>;
  prepare(sql: string): Promise<Statement>;
  readonly inTransaction: boolean;
  close(): void;
}

type Constructor = new (path: string, options?: object) => Connection;

/** Opens a database file. The library is loaded only now, so that no other command pays for it. */
export async function connect(path: string): Promise<Connection> {
  const library = await import('libsql/promise').catch((cause: unknown) => {
    throw new ConnectorError(
      'SQLite is not there: the package libsql is missing, or has no binary for this platform. Install the dependencies (npm install), or keep the inbox in Postgres.',
      { failureType: 'config_error', internalMessage: codeOf(cause), cause },
    );
  });
  // Its declaration says `any` where the interface above says what the documentation tells.
  const Database = library.default as unknown as Constructor;
  return new Database(path);
}

export function bytes(value: Value | undefined): Buffer {
  if (Buffer.isBuffer(value)) return value;
  return value instanceof ArrayBuffer ? Buffer.from(value) : Buffer.alloc(0);
}

export function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}
