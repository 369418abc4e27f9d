import { get, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FAULT_CATALOGUE } from '../fault-catalogue.ts';
import { startSimulator, type Fault, type Simulator } from '../index.ts';
import { ask, strictly } from './strict-reader.ts';

const LIST = 'candidateTag.list';
const GOOD = { paged: true, token: true };

let sim: Simulator;
beforeEach(async () => {
  sim = await startSimulator({ scale: 60 });
});
afterEach(() => sim.close());

const strike = (name: string, more: Partial<Fault> = {}): void => {
  const entry = FAULT_CATALOGUE.find((one) => one.name === name);
  if (!entry) throw new Error(`no fault is called ${name}`);
  sim.fault({ ...entry.effect, endpoint: LIST, ...more } as Fault);
};
const rows = async (): Promise<number> => strictly(await ask(sim, LIST, {}), GOOD).length;
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );

const POST = (key: string): string =>
  [
    `POST /${LIST} HTTP/1.1`,
    'host: 127.0.0.1',
    `authorization: Basic ${Buffer.from(`${key}:`).toString('base64')}`,
    'content-type: application/json',
    'accept: application/json; version=1',
    'content-length: 2',
    '',
    '{}',
  ].join('\r\n');

/** Sends one request and collects bytes until `enough` or the end of the connection. */
function bytesOf(enough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(sim.url).port), '127.0.0.1', () => socket.write(POST(sim.keys.full)));
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      if (enough(text)) socket.destroy();
    });
    socket.once('error', reject).once('close', () => resolve(text));
  });
}

/** The answer as soon as its headers are there. */
function begun(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(`${sim.url}/${LIST}`, {
      method: 'POST',
      agent: false,
      headers: {
        authorization: `Basic ${Buffer.from(`${sim.keys.full}:`).toString('base64')}`,
        'content-type': 'application/json',
        accept: 'application/json; version=1',
      },
    });
    sent.once('response', resolve).once('error', reject).end('{}');
  });
}

test('refused: nobody listens, also on connections that were open, until somebody does again', async () => {
  strike('refused', { forMs: Infinity, times: Infinity } as Partial<Fault>);
  expect(await codeOf(rows())).toBe('ECONNRESET');
  expect(await codeOf(rows())).toBe('ECONNREFUSED');
  expect(await codeOf(new Promise((_, reject) => get(sim.url).once('error', reject)))).toBe('ECONNREFUSED');
  sim.clearFaults();
  expect(await rows()).toBeGreaterThan(0);
});

test('refused once: the listener comes back by itself, on the same port', async () => {
  strike('refused');
  expect(await codeOf(rows())).toBe('ECONNRESET');
  let tries = 0;
  while ((await codeOf(rows())) !== 'none' && tries < 100_000) tries++;
  expect(await rows()).toBeGreaterThan(0);
  expect(tries).toBeGreaterThan(0);
});

test('reset-before and closed-empty bring no byte, no-answer neither', async () => {
  strike('reset-before');
  expect(await codeOf(rows())).toBe('ECONNRESET');
  strike('closed-empty');
  expect(await bytesOf(() => false)).toBe('');
  strike('no-answer');
  const sent = request(`${sim.url}/${LIST}`, { method: 'POST', agent: false }).once('error', () => undefined);
  sent.end('{}');
  const before = sim.requests().length;
  while (sim.requests().length === before) await rows();
  expect(sim.requests().find(({ status }, index) => index >= before && status === 0)).toBeDefined();
  sent.destroy();
});

test('reset-midway and stalled bring half of the body; only one of them ends', async () => {
  strike('reset-midway');
  const reset = await begun();
  let got = 0;
  reset.on('data', (chunk: Buffer) => (got += chunk.length));
  expect(await codeOf(new Promise((_, reject) => reset.once('error', reject)))).toBe('ECONNRESET');
  expect(got).toBe(Math.floor(Number(reset.headers['content-length']) / 2));
  strike('stalled');
  const stalled = await begun();
  await new Promise((resolve) => stalled.once('data', resolve));
  expect([stalled.complete, stalled.destroyed]).toEqual([false, false]);
  stalled.destroy();
});

test('drip and late are right in the end', async () => {
  const right = await rows();
  for (const [name, leastMs] of [
    ['drip', 150],
    ['late', 450],
  ] as const) {
    strike(name);
    const started = performance.now();
    expect(await rows()).toBe(right);
    expect(performance.now() - started).toBeGreaterThan(leastMs);
  }
});

test('sent-twice brings the same answer again on the connection that stays open', async () => {
  strike('sent-twice');
  const answers = (text: string): string[] => text.split('HTTP/1.1 200 OK\r\n').slice(1);
  const size = strictly(await ask(sim, 'department.list', {}), GOOD).length;
  expect(size).toBeGreaterThan(0);
  const text = await bytesOf(
    (all) => answers(all).length === 2 && all.endsWith('}') && all.match(/"syncToken"/g)?.length === 2,
  );
  const [first, second] = answers(text).map((answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4));
  expect(second).toBe(first);
  expect(await rows()).toBeGreaterThan(0);
});

test.each(['no-http', 'headers-only', 'headers-endless', 'two-lengths', 'chunks-broken'])(
  '%s is what goes over the wire, and no client takes it for an answer',
  async (name) => {
    const entry = FAULT_CATALOGUE.find((one) => one.name === name);
    strike(name, { times: 2 });
    expect(await bytesOf(() => false)).toBe(entry?.effect.kind === 'raw' ? entry.effect.text : undefined);
    await expect(ask(sim, LIST, {})).rejects.toThrow();
    expect(await rows()).toBeGreaterThan(0);
  },
);
