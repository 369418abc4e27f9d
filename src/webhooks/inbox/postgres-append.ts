import type { PoolClient } from 'pg';
import type { Arrival, Fate } from './inbox.ts';

/**
 * Keeps a group of arrivals within a transaction that holds the lock on the row of the inbox: the lock is let go when
 * the commit is visible, so nobody sees a number before all lower ones.
 */
export async function keepAll(client: PoolClient, arrivals: readonly Arrival[]): Promise<Fate[]> {
  const fates = await fatesOf(client, arrivals);
  // Of one key within a group only the last body stays, as it would if they had come one by one.
  const lastOf = new Map<string | number, number>();
  fates.forEach((fate, index) => fate !== 'repeated' && lastOf.set(keyOf(arrivals[index]) ?? index, index));
  const staying = new Set(lastOf.values());
  const kept = arrivals.filter((_, index) => staying.has(index));
  if (kept.length > 0) await put(client, kept);
  return fates;
}

async function put(client: PoolClient, kept: readonly Arrival[]): Promise<void> {
  const ids = kept.map(({ id }) => id ?? null);
  const actions = kept.map(({ action }) => action);
  await client.query(
    `DELETE FROM ashby_inbox_events e USING unnest($1::text[], $2::text[]) AS g (id, action)
     WHERE e.id = g.id AND e.action = g.action`,
    [ids, actions],
  );
  await client.query(
    `WITH given AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[])
         WITH ORDINALITY AS g (id, action, received_at_ms, body, place)
     ), counted AS (
       UPDATE ashby_inbox SET newest = newest + $5 RETURNING newest
     )
     INSERT INTO ashby_inbox_events (number, id, action, received_at_ms, body)
     SELECT counted.newest - $5 + place, id, action, received_at_ms, body FROM given, counted`,
    [ids, actions, kept.map(({ receivedAtMs }) => receivedAtMs), kept.map(({ body }) => body), kept.length],
  );
}

async function fatesOf(client: PoolClient, arrivals: readonly Arrival[]): Promise<Fate[]> {
  const bodies = new Map<string, Buffer>();
  const named = arrivals.filter(({ id }) => id !== undefined);
  if (named.length > 0) {
    const { rows } = await client.query<{ id: string; action: string; body: Buffer }>(
      `SELECT e.id, e.action, e.body FROM ashby_inbox_events e
       JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS g (id, action)) g USING (id, action)`,
      [named.map(({ id }) => id), named.map(({ action }) => action)],
    );
    for (const row of rows) bodies.set(keyOf(row) ?? '', row.body);
  }
  return arrivals.map((arrival) => {
    const key = keyOf(arrival);
    if (key === undefined) return 'new';
    const before = bodies.get(key);
    bodies.set(key, arrival.body);
    return before === undefined ? 'new' : before.equals(arrival.body) ? 'repeated' : 'changed';
  });
}

function keyOf(arrival: Pick<Arrival, 'id' | 'action'> | undefined): string | undefined {
  return arrival?.id === undefined ? undefined : JSON.stringify([arrival.id, arrival.action]);
}
