import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { codeOf } from './failure.ts';
import type { Inbox, InboxFacts, Page } from './inbox/inbox.ts';
import { prometheus, type Gauges, type Tally } from './tally.ts';

const DEFAULT_LIMIT = 100;
const MOST_EVENTS = 1_000;
/** A page holds bodies of this size at most, or one event. */
const PAGE_BYTES = 8 * 1024 * 1024;

export interface PullOptions {
  inbox: Inbox;
  /** What a reader must show as `Authorization: Bearer …`; without one, events are not given out. */
  token: string | undefined;
  tally: Tally;
  gauges(): Gauges;
  warn(line: string): void;
}

type Answer = { status: number; type: string; body: string | Buffer };

/**
 * The second listener, for readers and monitors. It never holds a secret of Ashby's and gives bodies out to nobody but
 * the bearer of the token.
 */
export function createPullServer(options: PullOptions): Server {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 75_000 });
  server.maxConnections = 256;
  server.on('request', (request, response) => {
    void answer(request, options)
      .catch((failure: unknown) => {
        options.warn(`The inbox cannot be read (${codeOf(failure)}).`);
        return problem(503, 'the inbox cannot be read just now');
      })
      .then((given) => send(response, given));
  });
  return server;
}

async function answer(request: IncomingMessage, options: PullOptions): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://inbox');
  // Ashby, sent to the wrong port, must not be told 404 or 405: it would throw the event away.
  if (request.method !== 'GET') return problem(400, 'this is the port for readers; deliveries go to the other one');
  if (url.pathname === '/events') return events(request, url.searchParams, options);
  if (url.pathname === '/health') return health(options);
  if (url.pathname === '/metrics') {
    const facts = await options.inbox.facts().catch(() => undefined);
    const body = prometheus(options.tally, options.gauges(), facts);
    return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body };
  }
  return problem(404, 'there is /events, /health and /metrics');
}

async function events(request: IncomingMessage, given: URLSearchParams, options: PullOptions): Promise<Answer> {
  const { inbox, token, warn } = options;
  if (token === undefined) return problem(403, 'events are given out only when the receiver has ASHBY_INBOX_TOKEN');
  if (!bears(request.headers.authorization, token)) return problem(401, 'the bearer token is missing or wrong');
  const after = wholeNumber(given.get('after'), 0);
  const limit = wholeNumber(given.get('limit'), DEFAULT_LIMIT);
  if (after === undefined) return problem(400, '"after" must be a whole number from 0 up');
  if (limit === undefined || limit === 0) return problem(400, '"limit" must be a whole number from 1 up');
  const page = await inbox.read(after, { limit: Math.min(limit, MOST_EVENTS), maxBytes: PAGE_BYTES });
  // Only a figure for monitoring; a full disk must not keep a reader from its events.
  if (after <= page.newest) {
    await inbox
      .noteAsked(after)
      .catch((failure: unknown) => warn(`The reader's place was not noted (${codeOf(failure)}).`));
  }
  return { status: 200, type: 'application/json', body: encode(page) };
}

/** Bodies are put into the answer as the bytes that they are: numbers keep their digits, and nothing is parsed. */
function encode({ inbox, events, next, oldest, newest, last }: Page): Buffer {
  const parts: Buffer[] = [
    Buffer.from(
      `{"inbox":${JSON.stringify(inbox)},"next":${next},"oldest":${oldest},"newest":${newest},"last":${last},"events":[`,
    ),
  ];
  events.forEach(({ number, id, action, receivedAtMs, body }, index) => {
    const head = { number, id: id ?? null, action, receivedAt: new Date(receivedAtMs).toISOString() };
    parts.push(
      Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(head).slice(0, -1)},"body":`),
      body,
      Buffer.from('}'),
    );
  });
  parts.push(Buffer.from(']}\n'));
  return Buffer.concat(parts);
}

async function health({ inbox, tally, gauges }: PullOptions): Promise<Answer> {
  const facts: InboxFacts | undefined = await inbox.facts().catch(() => undefined);
  const well = facts !== undefined && !tally.storeInTrouble;
  const time = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
  const body = {
    status: well ? 'ok' : 'the inbox is in trouble',
    inbox: facts?.inbox ?? null,
    oldest: facts?.oldest ?? null,
    newest: facts?.newest ?? null,
    backlog: facts?.backlog ?? null,
    disk: { inboxBytes: facts?.bytes ?? null, freeBytes: facts?.freeBytes ?? null },
    lastDelivery: time(tally.lastDeliveryMs),
    lastRefusal: tally.lastRefusal && { at: time(tally.lastRefusal.atMs), reason: tally.lastRefusal.reason },
    lastStoreFailure: tally.lastStoreFailure && {
      at: time(tally.lastStoreFailure.atMs),
      code: tally.lastStoreFailure.code,
    },
    connections: gauges().connections,
  };
  return { status: well ? 200 : 503, type: 'application/json', body: `${JSON.stringify(body)}\n` };
}

/** Digests have one length, so the comparison takes the same time whatever was sent. */
function bears(header: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}

function wholeNumber(text: string | null, otherwise: number): number | undefined {
  if (text === null) return otherwise;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

function problem(status: number, error: string): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify({ error })}\n` };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}
