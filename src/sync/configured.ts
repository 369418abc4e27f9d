import { ConnectorError } from '../errors.ts';
import type { ConfiguredStream } from '../protocol/catalog.ts';
import type { SyncMode } from '../protocol/messages.ts';
import type { Output } from '../protocol/output.ts';
import type { Table } from '../tables/definition.ts';
import { findTable, isIncremental } from '../tables/lineage.ts';
import { REPORT_PREFIX, reportTable, type WantedReport } from '../tables/reports.ts';
import type { Events } from './events/events.ts';

/** What is known of tables that are not the same for everybody. */
export interface TablesWorld {
  /** The webhook inbox, where one is configured. */
  events?: Events | undefined;
  /** The reports that the form names. */
  reports: readonly WantedReport[];
}

/** The table of a configured stream. Throws a `config_error` where it does not exist, or the form lacks what it is made of. */
export function tableOf({ name, columns }: ConfiguredStream, { events, reports }: TablesWorld): Table {
  const table = findTable(name);
  if (table?.source.kind === 'inbox' && !events) {
    throw new ConnectorError(
      `"${name}" is made of events in the webhook inbox, and none is configured. Fill in "webhook_inbox_url" and "webhook_inbox_token" (docs/webhooks.md), or deselect it.`,
      { failureType: 'config_error' },
    );
  }
  if (table) return table;
  const report = reports.find((wanted) => reportTable(wanted).name === name);
  if (report) return reportTable(report, [...columns]);
  if (name.startsWith(REPORT_PREFIX)) {
    throw new ConnectorError(
      `"Reports" in the configuration names no report for the stream "${name}". Add it there, or deselect the stream.`,
      { failureType: 'config_error' },
    );
  }
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
