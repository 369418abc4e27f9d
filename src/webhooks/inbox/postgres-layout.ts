import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { ConnectorError } from '../../errors.ts';
import { codeOf } from '../failure.ts';

const LAYOUT = 1;
/** A number of our own for Postgres's advisory locks: two receivers that start together make the tables once. */
const MAKING_TABLES = 4_155_480_213;

const TABLES = `
  CREATE TABLE IF NOT EXISTS ashby_inbox (
    one integer PRIMARY KEY CHECK (one = 1),
    layout integer NOT NULL,
    identity text NOT NULL,
    newest bigint NOT NULL DEFAULT 0,
    gone_through bigint NOT NULL DEFAULT 0,
    asked_behind bigint,
    opened_at timestamptz
  );
  CREATE TABLE IF NOT EXISTS ashby_inbox_events (
    number bigint PRIMARY KEY,
    id text,
    action text NOT NULL,
    received_at_ms bigint NOT NULL,
    body bytea NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS ashby_inbox_events_once ON ashby_inbox_events (id, action) WHERE id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS ashby_inbox_events_by_time ON ashby_inbox_events (received_at_ms);
  CREATE TABLE IF NOT EXISTS ashby_inbox_subscriptions (type text PRIMARY KEY, webhook_id text NOT NULL);
`;

/**
 * Makes the tables where they are missing, and proves that they can be written and that a commit there is durable.
 * Throws a `config_error` that says what is wrong; never the address, which may hold a password.
 */
export async function prepareDatabase(pool: Pool): Promise<void> {
  try {
    const client = await pool.connect();
    try {
      await mustBeDurable(client);
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [MAKING_TABLES]);
      await client.query(TABLES);
      await client.query('INSERT INTO ashby_inbox (one, layout, identity) VALUES (1, $1, $2) ON CONFLICT DO NOTHING', [
        LAYOUT,
        randomUUID(),
      ]);
      // A write of its own, since everything above may have been there already.
      const answer = await client.query<{ layout: number }>(
        'UPDATE ashby_inbox SET opened_at = now() RETURNING layout',
      );
      await client.query('COMMIT');
      if (answer.rows[0]?.layout !== LAYOUT) {
        throw refuse('was made by a newer version of source-ashby. Run that version, or name another database.');
      }
    } finally {
      client.release(true); // a transaction that was left open ends with its connection
    }
  } catch (cause) {
    if (cause instanceof ConnectorError) throw cause;
    const code = codeOf(cause);
    throw refuse(
      `cannot be written (${code}). Check its address, that it runs, and that the user may create tables there.`,
      code,
      cause,
    );
  }
}

async function mustBeDurable(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ fsync: string }>(`SELECT current_setting('fsync') AS fsync`);
  if (rows[0]?.fsync === 'off') {
    throw refuse('runs with fsync = off, so that a power cut loses what was acknowledged. Switch fsync on.');
  }
}

function refuse(what: string, code?: string, cause?: unknown): ConnectorError {
  return new ConnectorError(`The inbox in Postgres ${what}`, {
    failureType: 'config_error',
    internalMessage: code,
    cause,
  });
}
