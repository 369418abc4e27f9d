import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { InboxBench } from './inbox-bench.ts';
import { TOKEN } from './receiver.ts';

/* Between the connector and the inbox stands something that does harm. No table is COMPLETE without its events. */

type Spoil = (
  answer: { status: number; text: string },
  asked: URL,
) => { status: number; text: string } | 'cut' | 'silent';

const WHOLE: Spoil = (answer) => answer;
const EVENTS = 30;

let bench: InboxBench;
let between: Server;
let spoil: Spoil;
let asked: { url: string; headers: IncomingMessage['headers'] }[];

beforeEach(async () => {
  bench = await InboxBench.start({ scale: 40 });
  [spoil, asked] = [WHOLE, []];
  between = createServer((request, response) => void pass(request, response));
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  for (let n = 0; n < EVENTS; n += 1) bench.sim.webhooks.fire('jobUpdate', { n });
  await bench.sim.webhooks.idle();
});
afterEach(async () => {
  between.closeAllConnections();
  await new Promise((resolve) => between.close(resolve));
  await bench.stop();
});

async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://inbox');
  asked.push({ url: request.url ?? '', headers: request.headers });
  const { authorization = '' } = request.headers;
  const to = `http://127.0.0.1:${bench.receiver.pullPort}${request.url ?? ''}`;
  const answer = await fetch(to, { headers: { authorization } });
  const given = spoil({ status: answer.status, text: await answer.text() }, url);
  if (given === 'silent') return void request.socket.destroy();
  if (given === 'cut') {
    response.writeHead(200, { 'content-length': 1_000_000 });
    response.write('{"inbox":"', () => request.socket.destroy());
    return;
  }
  response.writeHead(given.status, { 'content-type': 'application/json' }).end(given.text);
}

const config = (): Record<string, unknown> => {
  const { port } = between.address() as AddressInfo;
  return { webhook_inbox_url: `http://127.0.0.1:${port}`, webhook_inbox_token: TOKEN };
};
const read = (streams: readonly string[]) => bench.read(streams, { config: config() });

/** A change to the answer's JSON. */
const json =
  (change: (page: any) => unknown): Spoil =>
  ({ text }) => ({ status: 200, text: JSON.stringify(change(JSON.parse(text))) });
const without = (name: string): Spoil => json(({ [name]: _, ...rest }: any) => rest);
const eachEvent = (change: (event: any, index: number) => unknown): Spoil =>
  json((page) => ({ ...page, events: page.events.map(change) }));

const DAMAGE: Record<string, Spoil> = {
  'no answer': () => 'silent',
  'an answer that is cut off': () => 'cut',
  'half an answer': ({ text }) => ({ status: 200, text: text.slice(0, text.length / 2) }),
  'an empty answer': () => ({ status: 200, text: '' }),
  'a web page': () => ({ status: 200, text: '<!doctype html><title>Sign in</title>' }),
  'another API': () => ({ status: 200, text: '{"success":true,"results":[]}' }),
  'a refused token': () => ({ status: 401, text: '{}' }),
  'an inbox that gives nothing out': () => ({ status: 403, text: '{}' }),
  'a path that is not there': () => ({ status: 404, text: '' }),
  'a redirection': () => ({ status: 302, text: '' }),
  'an inbox in trouble': () => ({ status: 503, text: '{"error":"x"}' }),
  'no identity': without('inbox'),
  'no next number': without('next'),
  'no oldest number': without('oldest'),
  'no newest number': without('newest'),
  'no events': without('events'),
  'events that are no list': json((page) => ({ ...page, events: {} })),
  'an empty list of events': json((page) => ({ ...page, events: [] })),
  'an empty list whose next number agrees': (answer, url) =>
    json((page) => ({ ...page, events: [], next: Number(url.searchParams.get('after')) }))(answer, url),
  'numbers that fall': json((page) => ({ ...page, events: [...page.events].reverse() })),
  'numbers that stand still': eachEvent((event) => ({ ...event, number: 1 })),
  'numbers that are texts': eachEvent((event) => ({ ...event, number: String(event.number) })),
  'a next number that runs ahead': json((page) => ({ ...page, next: page.next + 5 })),
  'a newest number that lags behind': json((page) => ({ ...page, newest: 0, last: 0 })),
  'events without an action': eachEvent(({ action: _, ...event }) => event),
  'events without a body': eachEvent((event, index) => (index === 3 ? { ...event, body: null } : event)),
  'events without a time': eachEvent((event) => ({ ...event, receivedAt: 'soon' })),
};

describe.each(Object.entries(DAMAGE))('%s', (_name, damage) => {
  test('from the first answer on fails the tables of events, and a sound run has them all', async () => {
    spoil = damage;
    const { outcome, out } = await read(['webhook_events', 'jobs']);
    expect([outcome, out.endings()]).toEqual(['failed', { webhook_events: 'INCOMPLETE', jobs: 'COMPLETE' }]);
    expect(out.errors()).toHaveLength(1);
    spoil = WHOLE;
    const sound = await read(['webhook_events']);
    expect(sound.out.rows('webhook_events').filter((row) => row['action'] === 'jobUpdate')).toHaveLength(EVENTS);
  });

  test('in the midst of the reading loses nothing', async () => {
    spoil = (answer, url) => (url.searchParams.get('limit') === '1' ? answer : damage(answer, url));
    expect((await read(['webhook_events'])).out.endings()).toEqual({ webhook_events: 'INCOMPLETE' });
    spoil = WHOLE;
    const rows = (await read(['webhook_events'])).out.rows('webhook_events');
    expect(rows.filter((row) => row['action'] === 'jobUpdate')).toHaveLength(EVENTS);
  });
});

test('another inbox in the midst of the reading fails it, and nothing of it is printed', async () => {
  spoil = (answer, url) =>
    url.searchParams.get('limit') === '1' ? answer : json((page) => ({ ...page, inbox: 'another' }))(answer, url);
  const { out } = await read(['webhook_events']);
  expect([out.endings(), out.recordCounts()]).toEqual([{ webhook_events: 'INCOMPLETE' }, {}]);
});

test('an inbox that is away fails what needs events, behind all rows that need none, and the next run catches up', async () => {
  const streams = ['candidates', 'application_history'];
  await read(streams);
  const [gone] = bench.sim.remove('candidate.list', 1);
  const [changed] = bench.sim.change('application.list', { count: 1 });
  await bench.sim.webhooks.idle();
  spoil = () => 'silent';
  const failed = await read(streams);
  expect(failed.out.endings()).toEqual({ candidates: 'INCOMPLETE', application_history: 'INCOMPLETE' });
  expect(failed.out.errors()[0]).toMatchObject({ message: expect.stringMatching(/webhook inbox cannot be reached/) });
  expect(failed.out.rows('application_history').map((row) => row['applicationId'])).toContain(changed);
  spoil = WHOLE;
  const caught = await read(streams);
  expect(caught.outcome).toBe('complete');
  expect(
    caught.out
      .rows('candidates')
      .filter((row) => row['_ab_cdc_deleted_at'])
      .map((row) => row['id']),
  ).toEqual([gone]);
});

test('an answer that fails once is asked for again', async () => {
  let times = 0;
  spoil = (answer) => ((times += 1) % 2 === 1 ? { status: 502, text: '' } : answer);
  expect((await read(['webhook_events'])).outcome).toBe('complete');
});

test('all tables share one walk; the inbox sees the token and never the key, and Ashby never the token', async () => {
  await read(['webhook_events', 'hris_pushes', 'candidates', 'application_history', 'offer_details']);
  expect(asked.map(({ url }) => url)).toEqual(['/events?after=0&limit=1', '/events?after=0&limit=500']);
  const key = bench.sim.keys.full;
  const heads = JSON.stringify(asked.map(({ headers }) => headers));
  expect(heads).toContain(`Bearer ${TOKEN}`);
  for (const form of [key, Buffer.from(`${key}:`).toString('base64')]) expect(heads).not.toContain(form);
  expect(JSON.stringify(bench.sim.requests())).not.toContain(TOKEN);
});

test('tables that no event concerns need no inbox', async () => {
  spoil = () => 'silent';
  expect((await read(['jobs', 'users'])).outcome).toBe('complete');
  expect(asked).toEqual([]);
});
