import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import {
  lastWithin,
  type Arrival,
  type Fate,
  type Inbox,
  type InboxFacts,
  type Page,
  type Subscription,
} from './inbox.ts';
import { codeOf } from '../failure.ts';
import { keepAll } from './postgres-append.ts';
import { prepareDatabase } from './postgres-layout.ts';
import { dropSubscription, readSubscriptions, writeSubscription } from './postgres-subscriptions.ts';
import { inTransaction } from './postgres-transaction.ts';

/** A database that does not answer within this is in trouble; Ashby tries again. */
const PATIENCE_MS = 10_000;

export interface PostgresOptions {
  /** postgres://user:password@host/database; what libpq's environment variables say counts as well. */
  url: string;
  /** Told when an idle connection breaks, which needs no action: the next use makes another one. */
  onBroken(code: string): void;
}

interface InboxRow {
  identity: string;
  newest: string;
  gone_through: string;
  asked_behind: string | null;
  last: string | null;
}

/** The inbox in a Postgres database, for several receivers side by side. */
export class PostgresInbox implements Inbox {
  readonly #pool: Pool;

  private constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Throws a `config_error` where the database cannot be written, or does not keep what it acknowledges. */
  static async open({ url, onBroken }: PostgresOptions): Promise<PostgresInbox> {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({
      connectionString: url,
      max: 4,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
      application_name: 'source-ashby webhooks',
    });
    const broken = (error: Error): void => onBroken(codeOf(error));
    pool.on('error', broken);
    pool.on('connect', (client) => client.on('error', broken)); // also between the statements of a transaction
    try {
      await prepareDatabase(pool);
    } catch (failure) {
      await pool.end();
      throw failure;
    }
    return new PostgresInbox(pool);
  }

  append(arrivals: readonly Arrival[]): Promise<Fate[]> {
    return inTransaction(this.#pool, (client) => keepAll(client, arrivals));
  }

  async read(behind: number, { limit, maxBytes }: { limit: number; maxBytes: number }): Promise<Page> {
    const sizes = await this.#pool.query<{ number: string; size: number }>(
      'SELECT number, octet_length(body) AS size FROM ashby_inbox_events WHERE number > $1 ORDER BY number LIMIT $2',
      [behind, limit],
    );
    const next = lastWithin(sizes.rows, maxBytes) ?? behind;
    const { rows } = await this.#pool.query<{
      number: string;
      id: string | null;
      action: string;
      received_at_ms: string;
      body: Buffer;
    }>(
      `SELECT number, id, action, received_at_ms, body FROM ashby_inbox_events
       WHERE number > $1 AND number <= $2 ORDER BY number`,
      [behind, next],
    );
    const events = rows.map(({ number, id, action, received_at_ms, body }) => ({
      number: Number(number),
      id: id ?? undefined,
      action,
      receivedAtMs: Number(received_at_ms),
      body,
    }));
    // Asked after the events: what expired in between is then told as gone, never passed over in silence.
    const inbox = await this.#inbox();
    return {
      inbox: inbox.identity,
      events,
      next,
      oldest: Number(inbox.gone_through) + 1,
      newest: Number(inbox.newest),
      last: Number(inbox.last ?? 0),
    };
  }

  async noteAsked(behind: number): Promise<void> {
    await this.#pool.query('UPDATE ashby_inbox SET asked_behind = $1 WHERE asked_behind IS NULL OR asked_behind < $1', [
      behind,
    ]);
  }

  async facts(): Promise<InboxFacts> {
    const inbox = await this.#inbox();
    const askedBehind = inbox.asked_behind === null ? undefined : Number(inbox.asked_behind);
    const { rows } = await this.#pool.query<{ many: string; bytes: string }>(
      `SELECT (SELECT count(*) FROM ashby_inbox_events WHERE number > $1) AS many,
              pg_total_relation_size('ashby_inbox_events') AS bytes`,
      [askedBehind ?? 0],
    );
    return {
      inbox: inbox.identity,
      oldest: Number(inbox.gone_through) + 1,
      newest: Number(inbox.newest),
      askedBehind,
      backlog: Number(rows[0]?.many),
      bytes: Number(rows[0]?.bytes),
      freeBytes: undefined,
    };
  }

  expire(beforeMs: number, limit: number): Promise<number> {
    return inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<{ number: string }>(
        `DELETE FROM ashby_inbox_events WHERE number IN
           (SELECT number FROM ashby_inbox_events WHERE received_at_ms < $1 ORDER BY number LIMIT $2)
         RETURNING number`,
        [beforeMs, limit],
      );
      const last = rows.reduce((most, { number }) => Math.max(most, Number(number)), 0);
      await client.query('UPDATE ashby_inbox SET gone_through = greatest(gone_through, $1)', [last]);
      return rows.length;
    });
  }

  erase(numbers: readonly number[]): Promise<void> {
    return inTransaction(this.#pool, async (client) => {
      await client.query('DELETE FROM ashby_inbox_events WHERE number = ANY ($1::bigint[])', [numbers]);
    });
  }

  /** Autovacuum makes room in its own time. */
  tidy(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Writes the table anew without what was deleted; deliveries wait meanwhile. The database's own log and backups hold
   * the text until they are dropped, which only its operator can do.
   */
  async scrub(): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query({ text: 'VACUUM (FULL) ashby_inbox_events', query_timeout: 3_600_000 } as { text: string }); // pg reads it, its types do not know it
    } finally {
      client.release();
    }
  }

  async renewIdentity(): Promise<string> {
    const identity = randomUUID();
    await this.#pool.query('UPDATE ashby_inbox SET identity = $1, asked_behind = NULL', [identity]);
    return identity;
  }

  subscriptions(): Promise<Subscription[]> {
    return readSubscriptions(this.#pool);
  }

  saveSubscription(subscription: Subscription): Promise<void> {
    return writeSubscription(this.#pool, subscription);
  }

  forgetSubscription(type: string): Promise<void> {
    return dropSubscription(this.#pool, type);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #inbox(): Promise<InboxRow> {
    const { rows } = await this.#pool.query<InboxRow>(
      'SELECT identity, newest, gone_through, asked_behind, (SELECT max(number) FROM ashby_inbox_events) AS last FROM ashby_inbox',
    );
    if (!rows[0]) throw new Error('the table ashby_inbox has lost its row');
    return rows[0];
  }
}
