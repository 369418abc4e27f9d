import { ConnectorError } from '../../errors.ts';
import type { InboxClient } from '../../inbox/client.ts';
import { inboxProtect } from '../../personal/events.ts';
import type { Protection } from '../../personal/protection.ts';
import type { ConfiguredStream } from '../../protocol/catalog.ts';
import { findTable } from '../../tables/lineage.ts';
import { Events, type Look } from './events.ts';
import { concernsEvents } from './heed-of.ts';

/**
 * The inbox for a run, looked at once, so that it is known before the reading begins whether events were missed.
 * Undefined where no selected table has anything to do with events: then the inbox need not be up.
 */
export async function openEvents(
  catalog: readonly ConfiguredStream[],
  { inbox, now, protection }: { inbox: Pick<InboxClient, 'page'>; now(): number; protection: Protection | undefined },
): Promise<Events | undefined> {
  const isConcerned = catalog.some(({ name }) => {
    const table = findTable(name);
    return table !== undefined && concernsEvents(table);
  });
  if (!isConcerned) return undefined;
  const look = await inbox.page(0, { limit: 1 }).catch((failure: unknown): Look => {
    // It is the failure of those who need the inbox; the others have their turn.
    if (failure instanceof ConnectorError) return { failure };
    throw failure;
  });
  const protect = protection && inboxProtect(protection);
  return new Events(look, { ask: (after) => inbox.page(after), now, protect });
}
