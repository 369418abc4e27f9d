import { loadSchema, loadSpec, packageVersion } from './assets.ts';
import { ConnectorError } from './errors.ts';
import type { Clock } from './http/clock.ts';
import type { AirbyteStream } from './protocol/messages.ts';
import type { Output } from './protocol/output.ts';
import type { AshbyClient } from './ashby/client.ts';
import type { Config } from './config/config.ts';
import type { Outcome } from './sync/read-catalog.ts';
import type { Stream } from './sync/stream.ts';

/*
 * The four commands. Each loads what it needs when it needs it, so that `spec` starts without an HTTP client.
 */

/** What the process provides. */
export interface World {
  output: Output;
  clock: Clock;
  random(): number;
  /** Aborted when the run is to stop. */
  signal: AbortSignal;
  /** The environment variable ASHBY_BASE_URL. */
  baseUrlOverride: string | undefined;
  /** Where HTTPS_PROXY and NO_PROXY are looked up. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Given what is to be done when the command is through. */
  onEnd(action: () => void): void;
  /** Told the secrets before anything is printed about them. */
  hide(secret: string): void;
}

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
    const { client, reports } = await connect(config, world);
    const { findAccess, missingLines, nothingReadable, readable } = await import('./account/access.ts');
    const { streams } = await import('./tables/table.ts');
    const access = await findAccess(client);
    for (const line of missingLines(access)) output.log('WARN', line);
    if (access.allowed.size === 0) throw nothingReadable();
    const { tryFirst } = await import('./account/reports.ts');
    await tryFirst(reports, client);
    const count = streams.filter((stream) => readable(stream, access)).length;
    output.connectionStatus(
      'SUCCEEDED',
      `The API key works; its permissions cover ${count} of ${streams.length} tables.`,
    );
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
  const { client, reports } = await connect(config, world);
  const { findAccess, missingLines, nothingReadable, readable } = await import('./account/access.ts');
  const { refusalOf } = await import('./account/features.ts');
  const { streams } = await import('./tables/table.ts');
  const { catalogEntry } = await import('./tables/catalog-entry.ts');
  const access = await findAccess(client);
  for (const line of missingLines(access)) output.log('WARN', line);
  if (access.allowed.size === 0) throw nothingReadable();
  const entries = streams
    .filter((stream) => readable(stream, access))
    .map(async (stream): Promise<AirbyteStream | undefined> => {
      const refusal = stream.mayBeAbsent ? await refusalOf(stream, client) : undefined;
      if (refusal === undefined) return catalogEntry(stream, loadSchema(stream.name));
      output.log(
        'INFO',
        `${stream.name} is left out: it belongs to a paid or beta feature, and Ashby refuses it to this account (${refusal}).`,
      );
      return undefined;
    });
  const { columnsOf } = await import('./account/reports.ts');
  const { reportSchema } = await import('./tables/reports.ts');
  const warn = (line: string): void => output.log('WARN', line);
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
  const { output, clock } = world;
  let streams: readonly Stream[] = [];
  const onPause = (untilMs: number): void => {
    for (const { emitter } of streams) emitter.rateLimited(untilMs);
  };
  const { client, startDate, findDeleted, reports } = await connect(input.config, world, {
    onPause,
    endsAtRefusedKey: true,
  });
  return readCatalog({
    catalog: parseCatalog(input.catalog),
    state: parseState(input.state),
    client,
    startDate,
    findDeleted,
    reports,
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

/** A pause longer than this is worth telling the platform about. */
const NOTABLE_PAUSE_MS = 5_000;

async function connect(
  given: unknown,
  world: World,
  { onPause, endsAtRefusedKey = false }: { onPause?: (untilMs: number) => void; endsAtRefusedKey?: boolean } = {},
): Promise<{ client: AshbyClient } & Pick<Config, 'startDate' | 'findDeleted' | 'reports'>> {
  const { output, clock, random, signal, baseUrlOverride, environment, hide, onEnd } = world;
  const { baseUrl, parseConfig } = await import('./config/config.ts');
  const config: Config = parseConfig(given, loadSpec().connectionSpecification);
  hide(config.apiKey);
  const base = baseUrl(baseUrlOverride);
  if (base.overridden)
    output.log('WARN', `ASHBY_BASE_URL is set: requests, and the API key, go to ${base.url} instead of Ashby.`);
  const { AshbyClient } = await import('./ashby/client.ts');
  const { ID_HEADER } = await import('./ashby/headers.ts');
  const { RequestBudget } = await import('./http/budget.ts');
  const { createTransport } = await import('./http/transport.ts');
  const budget = new RequestBudget({
    requestsPerMinute: config.requestsPerMinute,
    clock,
    onPause: (untilMs) => {
      const pauseMs = untilMs - clock.now();
      if (pauseMs < NOTABLE_PAUSE_MS) return;
      output.log('INFO', `Ashby says "too many requests"; all requests wait ${Math.ceil(pauseMs / 1000)} s.`);
      onPause?.(untilMs);
    },
  });
  const transport = createTransport({
    connectTimeoutMs: 10_000,
    idleTimeoutMs: 40_000,
    totalTimeoutMs: 300_000,
    maxAnswerBytes: 32 * 1024 * 1024,
    idHeader: ID_HEADER,
    maxBytesInFlight: 96 * 1024 * 1024,
    environment: base.useProxy ? environment : undefined,
  });
  onEnd(() => transport.close());
  const client = new AshbyClient({
    baseUrl: base.url,
    apiKey: config.apiKey,
    userAgent: `source-ashby/${packageVersion()}`,
    send: transport.send,
    budget,
    clock,
    random,
    signal,
    debug: (line) => output.log('DEBUG', line),
    info: (line) => output.log('INFO', line),
    endsAtRefusedKey,
  });
  const { startDate, findDeleted, reports } = config;
  return { client, startDate, findDeleted, reports };
}
