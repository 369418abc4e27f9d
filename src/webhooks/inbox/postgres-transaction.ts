import type { Pool, PoolClient } from 'pg';

/** A database may be set to acknowledge before it has written; here it must not. */
const BEGIN = `BEGIN;
  SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';
  SELECT 1 FROM ashby_inbox FOR UPDATE`;

/**
 * One transaction under the lock on the row of the inbox, which is let go when the commit is durable and visible.
 * A connection on which anything went wrong is not used again.
 */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(BEGIN);
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (failure) {
    client.release(true);
    throw failure;
  }
}
