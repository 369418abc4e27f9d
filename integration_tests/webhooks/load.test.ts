import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { crash, someMoments } from './crash.ts';
import { allEvents, pull, ReceiverProcess, TOKEN } from './receiver.ts';
import { connected, deliver, event, SECRET, sign } from './sender.ts';

/* The receiver as a process: what only a process has. ROUNDS=200 kills it 200 times. */

const ROUNDS = Number(process.env['ROUNDS'] ?? 3);

let folder: string;
let inbox: string;
const running: ReceiverProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'source-ashby-load-'));
  inbox = join(folder, 'inbox.db');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((receiver) => receiver.kill())); // also after a failure
  await rm(folder, { recursive: true });
});

test(`killed ${ROUNDS} times at random moments under load: what was answered 200 is there once, in its order`, async () => {
  const strike = async ([receiver]: readonly ReceiverProcess[]): Promise<void> => {
    await someMoments(400);
    await receiver?.kill();
  };
  const report = await crash({ rounds: ROUNDS, receivers: 1, inbox, strike });
  process.stdout.write(
    `${report.acknowledged} events answered 200, ${report.sentAgain} not; ${report.roundsHit} of ${ROUNDS} kills cut deliveries off\n`,
  );
  expect(report.acknowledged).toBeGreaterThan(ROUNDS * 10);
  expect(report.roundsHit).toBeGreaterThan(ROUNDS / 2);
}, 3_600_000);

test('1,000 and more slow connections: deliveries are answered within a second, and memory stays under 150 MB', async () => {
  const receiver = await ReceiverProcess.start(inbox);
  const slow: Socket[] = [];
  let dripping = true;
  try {
    // Some never send a thing, some trickle headers, and some trickle large bodies under a signature that looks right.
    const openings = [
      '',
      'POST / HTTP/1.1\r\nhost: a\r\n',
      `POST / HTTP/1.1\r\nhost: a\r\nashby-signature: ${sign('')}\r\ncontent-length: 5000000\r\n\r\n`,
    ];
    const open = async (index: number): Promise<void> => {
      const socket = await connected(receiver.port);
      socket.on('error', () => undefined).resume();
      socket.write(openings[index % openings.length] ?? '');
      slow.push(socket);
    };
    for (let index = 0; index < 1_200; index += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, offset) => open(index + offset)));
    }
    const drip = async (): Promise<void> => {
      const part = Buffer.alloc(16 * 1024, 'x');
      for (let index = 0; dripping; index = (index + 1) % slow.length) {
        const socket = slow[index];
        if (socket?.writable && index % 3 > 0) socket.write(index % 3 === 1 ? `x-${index}: y\r\n` : part);
        if (index % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const dripped = drip();
    const tookMs: number[] = [];
    let peakMb = 0;
    for (let index = 0; index < 60; index += 1) {
      const begin = performance.now();
      expect((await deliver(receiver.port, event(`legitimate-${index}`))).status).toBe(200);
      tookMs.push(performance.now() - begin);
      peakMb = Math.max(peakMb, receiver.residentMb);
    }
    dripping = false;
    await dripped;
    process.stdout.write(`slowest answer ${Math.round(Math.max(...tookMs))} ms, ${Math.round(peakMb)} MB at most\n`);
    expect(Math.max(...tookMs)).toBeLessThan(1_000);
    expect(peakMb).toBeLessThan(150);
    const { text } = await pull(receiver.pullPort, '/metrics');
    expect(Number(/^ashby_webhooks_connections (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(900);
    expect(await allEvents(receiver.pullPort)).toHaveLength(60);
  } finally {
    dripping = false;
    for (const socket of slow) socket.destroy();
    await receiver.kill();
  }
}, 60_000);

test('a flood of large signed bodies is kept or answered 503, and memory stays under 150 MB', async () => {
  const receiver = await ReceiverProcess.start(inbox);
  running.push(receiver);
  const large = (index: number): string => event(`large-${index}`, 'x'.repeat(1_000_000));
  let peakMb = 0;
  const watch = setInterval(() => (peakMb = Math.max(peakMb, receiver.residentMb)), 5);
  const statuses: number[] = [];
  for (let index = 0; index < 120; index += 40) {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, offset) => deliver(receiver.port, large(index + offset))),
    );
    statuses.push(...answers.map(({ status }) => status));
  }
  clearInterval(watch);
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  const kept = statuses.filter((status) => status === 200).length;
  expect(kept).toBeGreaterThan(10);
  expect(await allEvents(receiver.pullPort)).toHaveLength(kept);
  process.stdout.write(`${kept} of 120 bodies of 1 MB kept, ${Math.round(peakMb)} MB at most\n`);
  expect(peakMb).toBeLessThan(150);
}, 60_000);

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it soon, by the signal, with everything kept that was answered',
  async (signal) => {
    const receiver = await ReceiverProcess.start(inbox);
    await deliver(receiver.port, event('before'));
    const begin = performance.now();
    const ended = await receiver.kill(signal);
    expect(performance.now() - begin).toBeLessThan(4_000);
    expect([ended.signal, ended.stderr]).toEqual([signal, '']);
    const next = await ReceiverProcess.start(inbox);
    expect((await allEvents(next.pullPort)).map(({ id }) => id)).toEqual(['before']);
    await next.kill();
  },
);

test.each<[string, Record<string, string>, RegExp]>([
  ['no secret', { ASHBY_WEBHOOK_SECRET: '' }, /no webhook secret.*ASHBY_WEBHOOK_SECRET/],
  ['a short secret', { ASHBY_WEBHOOK_SECRET: 'short' }, /shorter than 16/],
  ['a short token', { ASHBY_INBOX_TOKEN: 'short' }, /ASHBY_INBOX_TOKEN is shorter/],
  ['no place', { ASHBY_INBOX: '' }, /Say where events are kept/],
  ['a place that cannot be written', { ASHBY_INBOX: '/proc/inbox/inbox.db' }, /cannot be written/],
  [
    'a database that is not there',
    { ASHBY_INBOX: 'postgres://me:pass-word-1@127.0.0.1:9/x' },
    /Postgres cannot be written \(ECONNREFUSED\)/,
  ],
])('with %s it does not start, and says why', async (_name, env, reason) => {
  const failure: unknown = await ReceiverProcess.start(inbox, [], env).catch((thrown: unknown) => thrown);
  expect(String(failure)).toMatch(reason);
  expect(String(failure)).toMatch(/"failure_type":"config_error"/);
  for (const hidden of ['pass-word-1', SECRET, TOKEN]) expect(String(failure)).not.toContain(hidden);
});
