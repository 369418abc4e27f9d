import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConnectorError } from '../../errors.ts';
import { codeOf } from '../failure.ts';
import { connect, type Connection } from './libsql.ts';

const LAYOUT = 1;
const PAGE_BYTES = 4096;
/** How long a statement waits for another process that writes (an erasure, a second command). */
const BUSY_MS = 5_000;

const TABLES = `
  CREATE TABLE IF NOT EXISTS inbox (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    layout INTEGER NOT NULL,
    identity TEXT NOT NULL,
    gone_through INTEGER NOT NULL DEFAULT 0,
    asked_behind INTEGER,
    opened_at INTEGER
  );
  CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT,
    action TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    body BLOB NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS events_once ON events (id, action) WHERE id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS events_by_time ON events (received_at);
  CREATE TABLE IF NOT EXISTS subscriptions (type TEXT PRIMARY KEY, webhook_id TEXT NOT NULL);
`;

export interface SqliteOptions {
  path: string;
  /** The file grows no further than this; what does not fit is refused until there is room. */
  maxBytes?: number | undefined;
}

/**
 * Opens the file, or makes it, and proves that it can be written. Throws a `config_error` that says why it cannot.
 *
 * WAL with synchronous FULL: each commit is on the disk when it returns (sqlite.org/pragma.html#pragma_synchronous).
 * secure_delete: deleted bodies are overwritten with zeros, also in pages that are free.
 */
export async function openFile({ path, maxBytes }: SqliteOptions): Promise<Connection> {
  let connection: Connection | undefined;
  try {
    await privateFile(path);
    connection = await connect(path);
    await settle(connection);
    if (maxBytes !== undefined) await pragma(connection, `max_page_count = ${Math.ceil(maxBytes / PAGE_BYTES)}`);
    await connection.exec('BEGIN IMMEDIATE');
    await connection.exec(TABLES);
    const insert = 'INSERT INTO inbox (one, layout, identity) VALUES (1, ?, ?) ON CONFLICT DO NOTHING';
    (await connection.prepare(insert)).run([LAYOUT, randomUUID()]);
    // A write of its own, since everything above may have been there already.
    (await connection.prepare('UPDATE inbox SET opened_at = ?')).run([Date.now()]);
    const layout = (await connection.prepare('SELECT layout FROM inbox')).get([])?.['layout'];
    await connection.exec('COMMIT');
    if (layout !== LAYOUT) throw newer(path);
    await syncFolder(path);
    return connection;
  } catch (cause) {
    connection?.close();
    if (cause instanceof ConnectorError) throw cause;
    const code = codeOf(cause);
    throw new ConnectorError(
      `The inbox ${path} cannot be written (${code}). Check that its folder exists, belongs to the user that runs the receiver, and has room; in a container, that the volume is mounted there.`,
      { failureType: 'config_error', internalMessage: code, cause },
    );
  }
}

/** What every connection sets for itself. */
export async function settle(connection: Connection): Promise<void> {
  await pragma(connection, `busy_timeout = ${BUSY_MS}`);
  await pragma(connection, `page_size = ${PAGE_BYTES}`);
  await pragma(connection, 'journal_mode = WAL');
  await pragma(connection, 'synchronous = FULL');
  await pragma(connection, 'secure_delete = ON');
  await pragma(connection, `journal_size_limit = ${64 * 1024 * 1024}`);
}

async function pragma(connection: Connection, text: string): Promise<void> {
  await (await connection.prepare(`PRAGMA ${text}`)).all([]);
}

/** SQLite gives its other files the mode of this one. */
async function privateFile(path: string): Promise<void> {
  // One level and no more: a path that is wrong high up is a slip, and Node's recursive mkdir never ends below /proc.
  await mkdir(dirname(path), { mode: 0o700 }).catch((failure: unknown) => {
    if (codeOf(failure) !== 'EEXIST') throw failure;
  });
  const file = await open(path, 'a', 0o600);
  await file.close();
  await chmod(path, 0o600);
}

/** Without this a power cut right after the start could take the name of a new file away. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function newer(path: string): ConnectorError {
  return new ConnectorError(
    `The inbox ${path} was made by a newer version of source-ashby. Run that version, or name another file.`,
    { failureType: 'config_error' },
  );
}
