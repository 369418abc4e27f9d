import type { Connection, Statement } from './libsql.ts';

/** What the writing connection does. */
export const statements = {
  find: 'SELECT number, body = ? AS same FROM events WHERE id = ? AND action = ?',
  insert: 'INSERT INTO events (id, action, received_at, body) VALUES (?, ?, ?, ?)',
  remove: 'DELETE FROM events WHERE number = ?',
  gone: 'UPDATE inbox SET gone_through = max(gone_through, ?)',
  old: 'SELECT number FROM events WHERE received_at < ? ORDER BY number LIMIT ?',
  asked: 'UPDATE inbox SET asked_behind = max(coalesce(asked_behind, 0), ?)',
  renew: 'UPDATE inbox SET identity = ?, asked_behind = NULL',
  save: 'INSERT INTO subscriptions (type, webhook_id) VALUES (?, ?) ON CONFLICT (type) DO UPDATE SET webhook_id = excluded.webhook_id',
  forget: 'DELETE FROM subscriptions WHERE type = ?',
} as const;

/** What the reading connection asks. */
export const queries = {
  sizes: 'SELECT number, length(body) AS size FROM events WHERE number > ? ORDER BY number LIMIT ?',
  range: 'SELECT number, id, action, received_at, body FROM events WHERE number > ? AND number <= ? ORDER BY number',
  inbox: `SELECT identity, gone_through, asked_behind,
            coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0) AS newest,
            coalesce((SELECT max(number) FROM events), 0) AS last FROM inbox`,
  count: 'SELECT count(*) AS many FROM events WHERE number > ?',
  subscriptions: 'SELECT type, webhook_id FROM subscriptions ORDER BY type',
} as const;

export interface Writer {
  connection: Connection;
  run: Prepared<typeof statements>;
}

/** Reads have a connection of their own: on the writer's they would stand inside its transaction. */
export interface Reader {
  connection: Connection;
  ask: Prepared<typeof queries>;
}

export type Prepared<T> = { [name in keyof T]: Statement };

export async function prepareAll<T extends Record<string, string>>(
  connection: Connection,
  texts: T,
): Promise<Prepared<T>> {
  const pairs = await Promise.all(
    Object.entries(texts).map(async ([name, sql]) => [name, await connection.prepare(sql)] as const),
  );
  return Object.fromEntries(pairs) as Prepared<T>; // the same names, each with its statement
}
