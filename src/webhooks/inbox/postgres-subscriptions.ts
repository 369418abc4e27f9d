import type { Pool } from 'pg';
import type { Subscription } from './inbox.ts';

/* Which webhooks were made in Ashby, which has no list of them. */

export async function readSubscriptions(pool: Pool): Promise<Subscription[]> {
  const { rows } = await pool.query<{ type: string; webhook_id: string }>(
    'SELECT type, webhook_id FROM ashby_inbox_subscriptions ORDER BY type',
  );
  return rows.map(({ type, webhook_id: webhookId }) => ({ type, webhookId }));
}

export async function writeSubscription(pool: Pool, { type, webhookId }: Subscription): Promise<void> {
  await pool.query(
    `INSERT INTO ashby_inbox_subscriptions (type, webhook_id) VALUES ($1, $2)
     ON CONFLICT (type) DO UPDATE SET webhook_id = excluded.webhook_id`,
    [type, webhookId],
  );
}

export async function dropSubscription(pool: Pool, type: string): Promise<void> {
  await pool.query('DELETE FROM ashby_inbox_subscriptions WHERE type = $1', [type]);
}
