import { loadSchema, loadSpec, packageVersion } from './assets.ts';
import type { AshbyClient } from './ashby/client.ts';
import type { Config } from './config/config.ts';
import type { Clock } from './http/clock.ts';
import type { Protection } from './personal/protection.ts';
import type { InboxClient } from './inbox/client.ts';
import type { Output } from './protocol/output.ts';

/** What the process provides. */
export interface World {
  output: Output;
  clock: Clock;
  random(): number;
  /** Aborted when the run is to stop. */
  signal: AbortSignal;
  /** The environment variable ASHBY_BASE_URL. */
  baseUrlOverride: string | undefined;
  /** Where HTTPS_PROXY, NO_PROXY and ASHBY_API_KEY are looked up. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Given what is to be done when the command is through. */
  onEnd(action: () => void): void;
  /** Told the secrets before anything is printed about them. */
  hide(secret: string): void;
}

/** A pause longer than this is worth telling the platform about. */
const NOTABLE_PAUSE_MS = 5_000;

/** What a command needs of the connection form. */
export type Connection = {
  client: AshbyClient;
  /** The webhook inbox, where one is configured. */
  inbox: InboxClient | undefined;
  /** What is done to personal data; undefined where all of it is kept. */
  protection: Protection | undefined;
} & Omit<Config, 'apiKey' | 'personal' | 'inbox'>;

/** Reads the connection form and makes the client; nothing is asked yet. Throws a `config_error` for a form that is of no use. */
export async function connect(
  given: unknown,
  world: World,
  { onPause, endsAtRefusedKey = false }: { onPause?: (untilMs: number) => void; endsAtRefusedKey?: boolean } = {},
): Promise<Connection> {
  const { output, clock, random, signal, baseUrlOverride, environment, hide, onEnd } = world;
  const { baseUrl } = await import('./config/base-url.ts');
  const { parseConfig } = await import('./config/config.ts');
  const config: Config = parseConfig(given, loadSpec().connectionSpecification);
  hide(config.apiKey);
  if (config.personal?.salt !== undefined) hide(config.personal.salt);
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
  const { apiKey: _hidden, personal, inbox: place, ...choices } = config;
  const { connectInbox } = await import('./inbox/connect.ts');
  const userAgent = `source-ashby/${packageVersion()}`;
  const inbox = place && connectInbox(place, { ...world, userAgent });
  return { client, inbox, protection: await protectionOf(personal), ...choices };
}

/** Where everything is kept nothing of it is loaded. */
async function protectionOf(choices: Config['personal']): Promise<Protection | undefined> {
  if (!choices) return undefined;
  const { Protection } = await import('./personal/protection.ts');
  return new Protection({ choices, schemaOf: loadSchema });
}
