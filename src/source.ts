import { loadSchema, loadSpec } from './assets.ts';
import { connect, type Connection, type World } from './connect.ts';
import { ConnectorError } from './errors.ts';
import type { Offer } from './account/offer.ts';
import type { Outcome } from './sync/read-catalog.ts';
import type { Stream } from './sync/stream.ts';
import type { Choice, ConfiguredEntry } from './tables/choice.ts';
import type { Table } from './tables/definition.ts';

/*
 * The commands. Each loads what it needs when it needs it, so that `spec` starts without an HTTP client.
 */

/** Prints the connection form. */
export function spec({ output }: Pick<World, 'output'>): void {
  output.message({ type: 'SPEC', spec: loadSpec() });
}

/**
 * Prints whether the key can be used, with a LOG line for each permission that it lacks. What the user can put right
 * is FAILED; an outage is thrown.
 */
export async function check(config: unknown, world: World): Promise<void> {
  const { output } = world;
  try {
    const { client, inbox, reports } = await connect(config, world);
    const { findAccess, missingLines, nothingReadable, readable } = await import('./account/access.ts');
    const { streams } = await import('./tables/table.ts');
    const access = await findAccess(client);
    for (const line of missingLines(access)) output.log('WARN', line);
    if (access.allowed.size === 0) throw nothingReadable();
    const { tryFirst } = await import('./account/reports.ts');
    await tryFirst(reports, client);
    const count = streams.filter((stream) => readable(stream, access)).length;
    const { inboxSentence } = await import('./inbox/look.ts');
    const key = `The API key works; its permissions cover ${count} of ${streams.length} tables.`;
    const more = inbox && (await inboxSentence(inbox, (sentence) => output.log('WARN', sentence)));
    output.connectionStatus('SUCCEEDED', more === undefined ? key : `${key} ${more}`);
  } catch (failure) {
    if (!(failure instanceof ConnectorError) || failure.failureType !== 'config_error') throw failure;
    output.connectionStatus('FAILED', failure.message);
  }
}

/**
 * What the key may read in this account, as a table for people. Throws for a key that may read nothing, and whatever else
 * keeps Ashby from being asked.
 */
export async function report(config: unknown, world: World): Promise<string> {
  const { client } = await connect(config, world);
  const { findOffer } = await import('./account/offer.ts');
  const { accessReport } = await import('./account/report.ts');
  return accessReport(await findOffer(client));
}

/** Prints the catalog of what the key can read in this account, and logs what is left out and why. */
export async function discover(config: unknown, world: World): Promise<void> {
  const connection = await connect(config, world);
  const { columnsOf } = await import('./account/reports.ts');
  const { catalogEntry } = await import('./tables/catalog-entry.ts');
  const { reportSchema } = await import('./tables/reports.ts');
  const { liveKeys } = await import('./tables/table.ts');
  const { client, reports, protection } = connection;
  const offer = await offered(connection, world);
  const { inboxTables } = await import('./tables/inbox/tables.ts');
  const tables = [...offer.tables, liveKeys, ...(connection.inbox ? inboxTables : [])];
  const schemaOf = await schemasOf(tables, { ...connection, access: offer.access }, world);
  const warn = (line: string): void => world.output.log('WARN', line);
  const ofReports = await columnsOf(reports, { client, warn });
  const streams = [
    ...tables.map((table) => catalogEntry(table, schemaOf(table))),
    ...ofReports.map(({ table, columns }) => {
      const schema = reportSchema(columns);
      return catalogEntry(table, protection?.schema(table.name, schema) ?? schema);
    }),
  ];
  world.output.message({ type: 'CATALOG', catalog: { streams } });
}

/** The configured catalog for what was chosen of the tables that the key can read. */
export async function catalog(
  { config, choice }: { config: unknown; choice: Choice },
  world: World,
): Promise<{ streams: ConfiguredEntry[] }> {
  return choose(await connect(config, world), choice, world);
}

/** Everything but the table of keys, which is for those who ask for it, or what was named. */
async function choose(connection: Connection, choice: Choice, world: World): Promise<{ streams: ConfiguredEntry[] }> {
  const { configuredCatalog, namedTables, remaining } = await import('./tables/choice.ts');
  const { reportTable } = await import('./tables/reports.ts');
  const reports = connection.reports.map((wanted) => reportTable(wanted));
  const named = namedTables(choice, reports);
  const offer = named ? undefined : await offered(connection, world);
  const tables = named ?? remaining([...(offer?.tables ?? []), ...reports], choice, reports);
  return configuredCatalog(tables, await schemasOf(tables, { ...connection, access: offer?.access }, world));
}

/** What the key can read in this account; what is left out is logged. */
async function offered({ client }: Connection, { output }: World): Promise<Offer> {
  const { missingLines } = await import('./account/access.ts');
  const { findOffer, refusedLines } = await import('./account/offer.ts');
  const offer = await findOffer(client);
  for (const line of missingLines(offer.access)) output.log('WARN', line);
  for (const line of refusedLines(offer)) output.log('INFO', line);
  return offer;
}

/** Makes the schemas of these tables as this account has them. A report's own columns are known only to `discover`. */
async function schemasOf(
  tables: readonly Table[],
  { client, customFieldColumns, access, protection }: Connection & { access: Offer['access'] | undefined },
  { output }: World,
): Promise<(table: Table) => Record<string, unknown>> {
  const { accountSchemas } = await import('./account/custom-fields.ts');
  const { reportSchema } = await import('./tables/reports.ts');
  const warn = (line: string): void => output.log('WARN', line);
  const own = customFieldColumns ? await accountSchemas(tables, { client, access, warn }) : undefined;
  return (table) => {
    if (table.source.kind === 'report') return reportSchema([]);
    const schema = own?.(table, loadSchema(table.name)) ?? loadSchema(table.name);
    return protection?.schema(table.name, schema) ?? schema;
  };
}

export interface ReadInput {
  config: unknown;
  /** Undefined where no --catalog was given: then `choice` says what is read. */
  catalog: unknown;
  choice?: Choice;
  /** Undefined where no --state was given. */
  state: unknown;
  /** Given the streams under way. */
  onStart?(streams: readonly Stream[], requestsPerMinute: number): void;
}

/** Prints the rows, states and statuses of the selected streams. */
export async function read(input: ReadInput, world: World): Promise<Outcome> {
  const { parseCatalog } = await import('./protocol/catalog.ts');
  const { parseState } = await import('./protocol/state.ts');
  const { readCatalog } = await import('./sync/read-catalog.ts');
  const { openEvents } = await import('./sync/events/open-events.ts');
  const { output, clock } = world;
  let streams: readonly Stream[] = [];
  const onPause = (untilMs: number): void => {
    for (const { emitter } of streams) emitter.rateLimited(untilMs);
  };
  const connection = await connect(input.config, world, { onPause, endsAtRefusedKey: true });
  const { client, inbox, requestsPerMinute, ...choices } = connection;
  const everything: Choice = { streams: undefined, exclude: undefined };
  const chosen =
    input.catalog === undefined ? await choose(connection, input.choice ?? everything, world) : input.catalog;
  const catalog = parseCatalog(chosen);
  return readCatalog({
    catalog,
    events: inbox && (await openEvents(catalog, { inbox, now: () => clock.now(), protection: connection.protection })),
    state: parseState(input.state),
    client,
    ...choices,
    output,
    clock,
    loadSchema: (stream) => connection.protection?.schema(stream) ?? loadSchema(stream),
    onStart: (started) => {
      streams = started;
      input.onStart?.(started, requestsPerMinute);
    },
  });
}

/** Makes the function that asks Ashby one question, for `webhooks register` and its like. */
export async function askAshby(
  config: unknown,
  world: World,
): Promise<(endpoint: string, body: Record<string, unknown>) => Promise<Record<string, unknown>>> {
  const { client } = await connect(config, world);
  return async (endpoint, body) => {
    const { value } = await client.object({ endpoint, permission: 'apiKeysRead', body });
    return value;
  };
}
