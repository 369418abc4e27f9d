import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from '@jest/globals';
import type { Inbox } from '../../src/webhooks/inbox/inbox.ts';
import { defaultBounds } from '../../src/webhooks/receive/listener.ts';
import { allEvents, pull, Receiver, withFile, type EventsAnswer } from './receiver.ts';
import { connected, deliver, event, raw, SECRET, sign } from './sender.ts';

/** On these Ashby throws an event away at once (developers.ashbyhq.com, "Retries"). */
const FINAL = [401, 403, 404, 405, 410];

let receiver: Awaited<ReturnType<typeof withFile>>;
beforeAll(async () => {
  receiver = await withFile();
});
afterAll(() => receiver.remove());

describe('a delivery', () => {
  test('that is signed is kept, whatever its path and the writing of its signature', async () => {
    const body = event('kept-1');
    expect(await deliver(receiver.port, body)).toEqual({ status: 200, text: 'kept' });
    const upper = { 'ashby-signature': sign(event('kept-2')).replace(/[a-f]/g, (letter) => letter.toUpperCase()) };
    expect(await deliver(receiver.port, event('kept-2'), { path: '/any/path?at=all', headers: upper })).toMatchObject({
      status: 200,
    });
    const ids = (await allEvents(receiver.pullPort)).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['kept-1', 'kept-2']));
  });

  test('is given out with its bytes as they came: digits, escapes and unknown fields', async () => {
    const text =
      '{"webhookActionId":"bytes","action":"offerCreate","data":{"salary":12345678901234567890.10,"n":"Zo\\u00eb ✓"},"new": 1}';
    await deliver(receiver.port, text);
    const { text: answer } = await pull(receiver.pullPort, '/events?limit=1000');
    expect(answer).toContain(`"body":${text}}`);
  });

  test('that is repeated is answered 200 and there once; with a changed body it moves behind the others', async () => {
    await deliver(receiver.port, event('twice', 1));
    await deliver(receiver.port, event('between', 1));
    const before = await allEvents(receiver.pullPort);
    expect((await deliver(receiver.port, event('twice', 1))).status).toBe(200);
    expect(await allEvents(receiver.pullPort)).toEqual(before);
    expect((await deliver(receiver.port, event('twice', 2))).status).toBe(200);
    const after = await allEvents(receiver.pullPort);
    expect(after.filter(({ id }) => id === 'twice')).toMatchObject([{ body: { data: 2 } }]);
    expect(after.at(-1)).toMatchObject({ id: 'twice', number: (before.at(-1)?.number ?? 0) + 1 });
  });

  test('without an id, or without anything but JSON, is kept: only signed things come here', async () => {
    for (const body of [
      '{"action":"ping","webhookActionType":"jobUpdate"}',
      '{}',
      '{"action":7,"webhookActionId":"\\u0000"}',
    ]) {
      expect([body, (await deliver(receiver.port, body)).status]).toEqual([body, 200]);
    }
    const [ping, empty, odd] = (await allEvents(receiver.pullPort)).slice(-3);
    expect([ping?.action, empty?.action, odd?.action]).toEqual(['ping', 'unknown', 'unknown']);
    expect([ping?.id, empty?.id, odd?.id]).toEqual([null, null, null]);
  });

  const body = event('not-kept');
  const wrong: [name: string, signature: string | undefined][] = [
    ['no signature', undefined],
    ['an empty one', ''],
    ['one of another secret', sign(body, 'another-secret-0123456789')],
    ['one of another body', sign(`${body} `)],
    ['half of one', sign(body).slice(0, 39)],
    ['one without its prefix', sign(body).slice(7)],
    ['one with another prefix', sign(body).replace('sha256', 'sha512')],
    ['one with more behind it', `${sign(body)}00`],
    ['no hex digits', `sha256=${'z'.repeat(64)}`],
    ['a very long one', `sha256=${'a'.repeat(8_000)}`],
  ];
  test.each(wrong)('with %s is answered 400 and not kept', async (_name, signature) => {
    const headers = signature === undefined ? {} : { 'ashby-signature': signature };
    const answer = await unsigned(receiver.port, body, headers);
    expect(answer.status).toBe(400);
    expect((await allEvents(receiver.pullPort)).map(({ id }) => id)).not.toContain('not-kept');
  });

  test.each([
    ['no JSON', 'candidateDelete'],
    ['half of it', event('half').slice(0, -3)],
    ['a list', '[1]'],
    ['null', 'null'],
    ['nothing', ''],
    ['a byte order mark', `\ufeff${event('mark')}`],
  ])('whose signed body is %s is answered 400', async (_name, text) => {
    expect((await deliver(receiver.port, text)).status).toBe(400);
  });

  test('whose signed body is no UTF-8 is answered 400', async () => {
    const bytes = Buffer.concat([Buffer.from('{"action":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    expect((await deliver(receiver.port, bytes)).status).toBe(400);
  });
});

/** A request whose signature header is what is given, or absent. */
function unsigned(port: number, body: string, headers: Record<string, string>) {
  const words = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const text = `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n${words.join('')}\r\n${body}`;
  return raw(port, text).then((answer) => ({ status: Number(answer.slice(9, 12)) }));
}

describe('nothing final is answered to what may be Ashby', () => {
  const methods = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'];
  const paths = ['/', '/webhooks', '/events', '/metrics', '/health/', '//', '/%00', '/..%2f..', '*'];

  test('by the listener for deliveries, whatever the method and the path', async () => {
    const body = event('final');
    for (const method of methods) {
      for (const path of paths) {
        const { status } = await deliver(receiver.port, method === 'HEAD' || method === 'TRACE' ? '' : body, {
          method,
          path,
        });
        expect([method, path, FINAL.includes(status), status >= 400]).toEqual([method, path, false, true]);
      }
    }
    expect((await allEvents(receiver.pullPort)).map(({ id }) => id)).not.toContain('final');
  });

  test('by the listener for readers, where Ashby was pointed at the wrong port', async () => {
    for (const path of ['/', '/events', '/anything']) {
      expect(await deliver(receiver.pullPort, event('wrong-port'), { path })).toMatchObject({ status: 400 });
    }
  });

  test.each([
    ['rubbish', 'rubbish\r\n\r\n'],
    ['a bad request line', 'POST / HTTP/9.9\r\n\r\n'],
    ['headers without an end in sight', `POST / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'an expectation',
      `POST / HTTP/1.1\r\nhost: a\r\nexpect: wonders\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
    ],
  ])('to %s', async (_name, text) => {
    const answer = await raw(receiver.port, text);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
    expect([FINAL.includes(status), status >= 400]).toEqual([false, true]);
  });
});

describe('a body', () => {
  const limit = defaultBounds.bodyBytes;
  const sized = (bytes: number): string => event('sized', 'x'.repeat(bytes - event('sized', '').length));

  test('of exactly the limit is kept, and given out alone', async () => {
    const body = sized(limit);
    expect(Buffer.byteLength(body)).toBe(limit);
    expect((await deliver(receiver.port, body)).status).toBe(200);
    expect((await allEvents(receiver.pullPort)).find(({ id }) => id === 'sized')?.body.data).toHaveLength(
      limit - event('sized', '').length,
    );
  });

  test('one byte beyond it is answered 413, announced or not', async () => {
    const body = sized(limit + 1);
    expect((await deliver(receiver.port, body)).status).toBe(413);
    const chunked = { 'transfer-encoding': 'chunked', 'content-length': undefined };
    expect((await deliver(receiver.port, body, { headers: chunked })).status).toBe(413);
    expect((await deliver(receiver.port, event('after-large'))).status).toBe(200);
  });

  test('that ends before its length is not kept, and its memory is given back', async () => {
    const body = event('cut');
    const socket = await connected(receiver.port);
    socket.end(
      `POST / HTTP/1.1\r\nhost: a\r\nashby-signature: ${sign(body)}\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
    );
    socket.resume();
    await new Promise((resolve) => socket.once('close', resolve));
    await until(async () => (await metric('refusals_total{reason="cut-off"}')) > 0);
    expect(await metric('body_bytes')).toBe(0);
    expect((await allEvents(receiver.pullPort)).map(({ id }) => id)).not.toContain('cut');
  });

  test('that trickles is cut off after its time, with an answer that is not final', async () => {
    const own = await withFile({ bounds: { ...defaultBounds, headersTimeoutMs: 300, requestTimeoutMs: 600 } });
    const head = `POST / HTTP/1.1\r\nhost: a\r\nashby-signature: ${sign('')}\r\ncontent-length: 100\r\n`;
    const answers = await Promise.all([raw(own.port, `${head}\r\n{`), raw(own.port, head)]);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await own.remove();
  });

  async function metric(name: string): Promise<number> {
    const { text } = await pull(receiver.pullPort, '/metrics');
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`ashby_webhooks_${name} `))
        ?.split(' ')
        .at(-1),
    );
  }
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('secrets', () => {
  test('two are taken while one takes the place of the other, and no third', async () => {
    const own = await withFile({ secrets: ['the-new-secret-0123456789', 'the-old-secret-0123456789'] });
    const by = (secret: string) => ({ headers: { 'ashby-signature': sign(event(secret), secret) } });
    const statuses = ['the-new-secret-0123456789', 'the-old-secret-0123456789', SECRET].map(
      async (secret) => (await deliver(own.port, event(secret), by(secret))).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 400]);
    await own.remove();
  });

  test('nothing of a body, a signature or a path comes into the log', async () => {
    const own = await withFile();
    const body = event('private-id', { name: 'PRIVATE' });
    await deliver(own.port, body);
    await deliver(own.port, `${body}PRIVATE`);
    await deliver(own.port, body, { headers: { 'ashby-signature': 'sha256=PRIVATE' }, path: '/PRIVATE' });
    await deliver(own.port, body, { method: 'PUT', path: '/PRIVATE' });
    await own.stop();
    expect(own.log.length).toBeGreaterThan(2);
    expect(own.log.join('\n')).not.toMatch(/PRIVATE|private-id/);
    await own.remove();
  });
});

describe('personal data', () => {
  test('is taken out before anything is kept, and a repetition is recognised all the same', async () => {
    const protect = () => Buffer.from('{"action":"jobUpdate","data":"taken out"}');
    const own = await withFile({}, { protect });
    await deliver(own.port, event('someone', { name: 'PRIVATE' }));
    await deliver(own.port, event('someone', { name: 'PRIVATE' }));
    expect(await allEvents(own.pullPort)).toMatchObject([
      { number: 1, id: 'someone', body: { action: 'jobUpdate', data: 'taken out' } },
    ]);
    await own.remove();
  });
});

describe('a store in trouble', () => {
  let trouble: string | undefined;
  let own: Awaited<ReturnType<typeof withFile>>;
  beforeEach(async () => {
    own = await withFile();
    const { inbox } = own;
    const append = inbox.append.bind(inbox);
    inbox.append = (arrivals) =>
      trouble === undefined ? append(arrivals) : Promise.reject(Object.assign(new Error('stub'), { code: trouble }));
  });
  afterEach(() => own.remove());

  test('503 is answered, nothing is acknowledged, it is told once and not a thousand times, and then all is well', async () => {
    trouble = 'SQLITE_FULL';
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => deliver(own.port, event(`full-${index}`))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(await allEvents(own.pullPort)).toEqual([]);
    expect(own.log.filter((line) => line.startsWith('ERROR'))).toHaveLength(1);
    expect(own.log.join()).toMatch(/SQLITE_FULL.*503.*2 h 49 min/);
    expect((await deliver(own.port, '', { method: 'GET', path: '/health' })).status).toBe(503);
    expect(await pull(own.pullPort, '/health')).toMatchObject({
      status: 503,
      text: expect.stringContaining('"code":"SQLITE_FULL"'),
    });
    trouble = undefined;
    expect((await deliver(own.port, event('full-0'))).status).toBe(200);
    expect((await deliver(own.port, '', { method: 'GET', path: '/health' })).status).toBe(200);
    expect((await pull(own.pullPort, '/health')).status).toBe(200);
  });
});

describe('a stop', () => {
  test('finishes what is under way and what has begun, takes nothing new, and then closes', async () => {
    const own = await withFile();
    const inbox: Inbox = own.inbox;
    const append = inbox.append.bind(inbox);
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let storing: () => void = () => undefined;
    const stored = new Promise<void>((resolve) => (storing = resolve));
    const kept: (string | undefined)[] = [];
    inbox.append = async (arrivals) => {
      storing();
      await gate;
      kept.push(...arrivals.map(({ id }) => id));
      return append(arrivals);
    };
    const underWay = deliver(own.port, event('under-way'));
    await stored;
    const body = event('has-begun');
    const socket = await connected(own.port);
    const answered = new Promise<string>((resolve) => socket.setEncoding('utf8').once('data', resolve));
    socket.write(
      `POST / HTTP/1.1\r\nhost: a\r\nashby-signature: ${sign(body)}\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    );
    const idle = await connected(own.port);
    const idleClosed = new Promise((resolve) => idle.once('close', resolve));
    idle.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n`);
    await new Promise((resolve) => idle.once('data', resolve));
    const stopped = own.stop();
    await idleClosed;
    await expect(deliver(own.port, event('too-late'))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    socket.write(body.slice(5));
    open();
    expect((await underWay).status).toBe(200);
    expect(await answered).toMatch(/^HTTP\/1\.1 200 OK\r\n(.*\r\n)*connection: close\r\n/i);
    await stopped;
    expect(kept).toEqual(['under-way', 'has-begun']);
    await own.remove();
  });
});

describe('the pull interface', () => {
  let own: Awaited<ReturnType<typeof withFile>>;
  beforeAll(async () => {
    own = await withFile();
    for (let index = 1; index <= 5; index += 1) await deliver(own.port, event(`event-${index}`));
  });
  afterAll(() => own.remove());
  const page = async (query: string): Promise<EventsAnswer> =>
    JSON.parse((await pull(own.pullPort, `/events${query}`)).text) as EventsAnswer;

  test('gives events in order, from behind a number, with where to go on', async () => {
    const { inbox, ...first } = await page('?after=0&limit=2');
    expect(first).toMatchObject({
      next: 2,
      oldest: 1,
      newest: 5,
      events: [{ number: 1, id: 'event-1', action: 'jobUpdate' }, { number: 2 }],
    });
    expect(inbox).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Date(first.events[0]?.receivedAt ?? '').toISOString()).toBe(first.events[0]?.receivedAt);
    expect((await page('?after=2')).events.map(({ number }) => number)).toEqual([3, 4, 5]);
    expect(await page('?after=5')).toMatchObject({ events: [], next: 5 });
    expect((await page('')).events).toHaveLength(5);
  });

  test.each(['?after=-1', '?after=x', '?after=1.5', '?after=', '?limit=0', '?limit=x', '?after=99999999999999999'])(
    '%s is answered 400',
    async (query) => {
      expect((await pull(own.pullPort, `/events${query}`)).status).toBe(400);
    },
  );

  test.each([
    ['none', ''],
    ['another', 'another-token-0123456789'],
    ['the secret', SECRET],
  ])('with %s as token events are not given out', async (_name, token) => {
    const answer = await pull(own.pullPort, '/events', token);
    expect([answer.status, answer.text]).toEqual([401, expect.not.stringContaining('event-1')]);
  });

  test('a receiver without a token gives events out to nobody', async () => {
    const closed = await withFile({ token: undefined });
    expect((await pull(closed.pullPort, '/events', '')).status).toBe(403);
    expect((await pull(closed.pullPort, '/events', 'undefined')).status).toBe(403);
    await closed.remove();
  });

  test('health and metrics tell the last delivery, the last refusal, the backlog and the disk', async () => {
    await deliver(own.port, 'rubbish');
    await pull(own.pullPort, '/events?after=3');
    const health = JSON.parse((await pull(own.pullPort, '/health', '')).text) as Record<string, unknown>;
    expect(health).toMatchObject({
      status: 'ok',
      backlog: 0,
      newest: 5,
      lastRefusal: { reason: 'not-json' },
      disk: { freeBytes: expect.any(Number) },
    });
    expect(Date.parse(String(health['lastDelivery']))).toBeGreaterThan(Date.now() - 600_000);
    const { text } = await pull(own.pullPort, '/metrics', '');
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) ashby_webhooks_\w+ .+|ashby_webhooks_\w+(\{\w+="[\w-]+"\})? [\d.e+]+)$/);
    expect(text).toContain('ashby_webhooks_deliveries_total{fate="new"} 5\n');
    expect(text).toContain('ashby_webhooks_refusals_total{reason="not-json"} 1\n');
  });

  test('the listener for deliveries gives out no events and no figures', async () => {
    for (const path of ['/events', '/metrics']) expect((await pull(own.port, path)).status).toBe(400);
    expect(await pull(own.port, '/health', '')).toEqual({ status: 200, text: 'ok' });
  });
});

test('a port that is taken is told, and the inbox is closed', async () => {
  const other = await withFile();
  await expect(Receiver.start(other.inbox, { listen: { host: '127.0.0.1', port: receiver.port } })).rejects.toThrow(
    /cannot listen on 127.*EADDRINUSE.*--listen/,
  );
  await other.stop().catch(() => undefined);
});
