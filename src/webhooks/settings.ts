import { readFile } from 'node:fs/promises';
import { ConnectorError } from '../errors.ts';
import type { WebhookWorld } from './world.ts';

/** Shorter ones can be guessed. */
const SHORTEST_SECRET = 16;

export interface Address {
  host: string;
  port: number;
}

type Environment = WebhookWorld['environment'];

/**
 * A secret from the environment variable NAME, or from the file that NAME_FILE names (as docker and Kubernetes mount
 * secrets). Undefined where neither is set. Throws a `config_error` that never quotes it.
 */
export async function secret(
  name: string,
  { environment, hide }: Pick<WebhookWorld, 'environment' | 'hide'>,
  { shortest = SHORTEST_SECRET } = {},
): Promise<string | undefined> {
  const file = environment[`${name}_FILE`];
  let value = environment[name];
  if (file !== undefined && file !== '') {
    if (value !== undefined && value !== '')
      throw unusable(`${name} and ${name}_FILE are both set. Unset one of them.`);
    value = await readFile(file, 'utf8').catch(() => {
      throw unusable(
        `The file that ${name}_FILE names cannot be read: ${file}. Check the path and that it may be read.`,
      );
    });
  }
  const text = value?.trim();
  if (text === undefined || text === '') return undefined;
  hide(text);
  if (text.length < shortest) {
    throw unusable(
      `${name} is shorter than ${shortest} characters, so it can be guessed. Make one with: openssl rand -hex 32`,
    );
  }
  return text;
}

/** The secrets that deliveries may be signed with: the present one, and the one that it replaces. */
export async function webhookSecrets(
  world: Pick<WebhookWorld, 'environment' | 'hide'>,
): Promise<[string, ...string[]]> {
  const [present, old] = [await secret('ASHBY_WEBHOOK_SECRET', world), await secret('ASHBY_WEBHOOK_SECRET_OLD', world)];
  if (present === undefined) {
    throw unusable(
      'There is no webhook secret: set ASHBY_WEBHOOK_SECRET, or ASHBY_WEBHOOK_SECRET_FILE, to the secret token that Ashby signs with. Make one with: openssl rand -hex 32',
    );
  }
  return old === undefined ? [present] : [present, old];
}

/** `HOST:PORT`; an IPv6 host stands in brackets. Throws a `config_error`. */
export function address(option: string, text: string): Address {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) > 65_535) throw unusable(`${option} must look like 0.0.0.0:8080.`);
  return { host, port: Number(port) };
}

export interface Call {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** What --notify sends: method, headers (a JSON object) and body come by the environment, since they hold tokens. */
export async function notifyCall(url: string, world: Pick<WebhookWorld, 'environment' | 'hide'>): Promise<Call> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw unusable('--notify must be an http or https address.');
  const { environment } = world;
  const method = (environment['ASHBY_NOTIFY_METHOD'] ?? 'POST').toUpperCase();
  if (!/^[A-Z]{3,10}$/.test(method)) throw unusable('ASHBY_NOTIFY_METHOD must be a method of HTTP, such as POST.');
  const headers = parseHeaders(await secret('ASHBY_NOTIFY_HEADERS', world, { shortest: 2 }));
  for (const value of Object.values(headers)) world.hide(value.replace(/^(Bearer|Basic) /i, ''));
  return { url, method, headers, body: bodyOf(environment) };
}

function bodyOf(environment: Environment): string | undefined {
  const body = environment['ASHBY_NOTIFY_BODY'];
  return body === '' ? undefined : body;
}

function parseHeaders(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  const wrong = (): ConnectorError =>
    unusable('ASHBY_NOTIFY_HEADERS must be a JSON object of texts, such as {"Authorization": "Bearer …"}.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong(); // the parser's own words quote the text
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong();
  const entries = Object.entries(value);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) throw wrong();
  return Object.fromEntries(entries);
}

export function unusable(message: string): ConnectorError {
  return new ConnectorError(message, { failureType: 'config_error' });
}
