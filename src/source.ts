import { loadSchema, loadSpec } from './assets.ts';
import { connect } from './connect.ts';
import { ConnectorError } from './errors.ts';
import type { AirbyteStream } from './protocol/messages.ts';
import type { SchemaOf } from './account/custom-fields.ts';
import type { Outcome } from './sync/read-catalog.ts';
import type { Stream } from './sync/stream.ts';
import type { World } from './world.ts';

export type { World } from './world.ts';

/*
 * The four commands. Each loads what it needs when it needs it, so that `spec` starts without an HTTP client.
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
    const key = `The API key works; its permissions cover ${count} of ${streams.length} tables.`;
    const { inboxSentence } = await import('./inbox/look.ts');
    const more = inbox && (await inboxSentence(inbox, (sentence) => output.log('WARN', sentence)));
    output.connectionStatus('SUCCEEDED', more === undefined ? key : `${key} ${more}`);
  } catch (failure) {
    if (!(failure instanceof ConnectorError) || failure.failureType !== 'config_error') throw failure;
    output.connectionStatus('FAILED', failure.message);
  }
}

/**
 * Prints the catalog of what the key can read in this account, and logs what is left out and why. Throws when Ashby
 * cannot be asked just now: a catalog made from half an answer would drop tables.
 */
export async function discover(config: unknown, world: World): Promise<void> {
  const { output } = world;
  const { client, inbox, reports, customFieldColumns } = await connect(config, world);
  const { findAccess, missingLines, nothingReadable, readable } = await import('./account/access.ts');
  const { accountSchemas } = await import('./account/custom-fields.ts');
  const { refusalOf } = await import('./account/features.ts');
  const { offered: tables } = await import('./tables/table.ts');
  const { inboxTables } = await import('./tables/inbox-tables.ts');
  const { catalogEntry } = await import('./tables/catalog-entry.ts');
  const access = await findAccess(client);
  for (const line of missingLines(access)) output.log('WARN', line);
  if (access.allowed.size === 0) throw nothingReadable();
  const offers = [...tables, ...(inbox ? inboxTables : [])].filter((stream) => readable(stream, access));
  const warn = (message: string): void => output.log('WARN', message);
  const schemaOf: SchemaOf = customFieldColumns
    ? await accountSchemas(offers, { client, access, warn })
    : (_table, schema) => schema;
  const entries = offers.map(async (stream): Promise<AirbyteStream | undefined> => {
    const refusal = stream.mayBeAbsent ? await refusalOf(stream, client) : undefined;
    if (refusal === undefined) return catalogEntry(stream, schemaOf(stream, loadSchema(stream.name)));
    output.log(
      'INFO',
      `${stream.name} is left out: it belongs to a paid or beta feature, and Ashby refuses it to this account (${refusal}).`,
    );
    return undefined;
  });
  const { columnsOf } = await import('./account/reports.ts');
  const { reportSchema } = await import('./tables/reports.ts');
  const [offered, found] = await Promise.all([Promise.all(entries), columnsOf(reports, { client, warn })]);
  const ofReports = found.map(({ table, columns }) => catalogEntry(table, reportSchema(columns)));
  output.message({
    type: 'CATALOG',
    catalog: { streams: [...offered.filter((entry) => entry !== undefined), ...ofReports] },
  });
}

export interface ReadInput {
  config: unknown;
  catalog: unknown;
  /** Undefined where no --state was given. */
  state: unknown;
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
  const { client, inbox, ...choices } = await connect(input.config, world, { onPause, endsAtRefusedKey: true });
  const catalog = parseCatalog(input.catalog);
  return readCatalog({
    catalog,
    events: inbox && (await openEvents(catalog, { inbox, now: () => clock.now() })),
    state: parseState(input.state),
    client,
    ...choices,
    output,
    clock,
    loadSchema,
    onStart: (started) => (streams = started),
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
