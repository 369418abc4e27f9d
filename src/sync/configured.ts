import { ConnectorError } from '../errors.ts';
import type { ConfiguredStream } from '../protocol/catalog.ts';
import type { SyncMode } from '../protocol/messages.ts';
import type { Output } from '../protocol/output.ts';
import type { Table } from '../tables/definition.ts';
import { findTable, isIncremental } from '../tables/graph.ts';
import type { Events } from './events/events.ts';

/** The table of a configured stream. Throws a `config_error` where it does not exist, or its inbox is not configured. */
export function tableOf(name: string, events: Events | undefined): Table {
  const table = findTable(name);
  if (table?.source.kind === 'inbox' && !events) {
    throw new ConnectorError(
      `"${name}" is made of events in the webhook inbox, and none is configured. Fill in "webhook_inbox_url" and "webhook_inbox_token" (docs/webhooks.md), or deselect it.`,
      { failureType: 'config_error' },
    );
  }
  if (table) return table;
  throw new ConnectorError(
    `There is no stream "${name}". Refresh the schema of the connection (discover lists the streams), or deselect it.`,
    { failureType: 'config_error' },
  );
}

/** How the stream is to be read. Throws a `config_error` for a mode that does not exist. */
export function modeOf({ name, syncMode }: ConfiguredStream, table: Table, output: Output): SyncMode {
  if (syncMode === undefined) {
    throw new ConnectorError(
      `The stream "${name}" is configured with a sync mode that does not exist. Use full_refresh or incremental.`,
      { failureType: 'config_error' },
    );
  }
  if (syncMode === 'full_refresh' || isIncremental(table)) return syncMode;
  output.log('INFO', `${name}: Ashby offers no incremental form of this table; it is read whole.`);
  return 'full_refresh';
}
