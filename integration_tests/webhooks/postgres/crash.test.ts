import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { crash, someMoments, type CrashReport } from '../crash.ts';
import { allEvents, ReceiverProcess } from '../receiver.ts';
import { Ashby, event } from '../sender.ts';
import { Postgres } from './server.ts';

/* Several receivers on one Postgres, killed under load, and the database with them. ROUNDS=200 kills 200 times. */

const ROUNDS = Number(process.env['ROUNDS'] ?? 6);

let postgres: Postgres;
beforeAll(async () => {
  postgres = await Postgres.start();
}, 120_000);
afterAll(() => postgres.stop());

const told = (what: string, { acknowledged, sentAgain, roundsHit }: CrashReport): void =>
  void process.stdout.write(
    `${what}: ${acknowledged} events answered 200, ${sentAgain} attempts not; ${roundsHit} of ${ROUNDS} rounds hit\n`,
  );

test(`one of two receivers is killed ${ROUNDS} times: what was answered 200 is there once, in its order`, async () => {
  const strike = async (receivers: readonly ReceiverProcess[], round: number): Promise<void> => {
    await someMoments(400);
    await receivers[round % receivers.length]?.kill();
    await someMoments(100); // the other one goes on
  };
  const report = await crash({ rounds: ROUNDS, receivers: 2, inbox: await postgres.database(), strike });
  told('receiver killed', report);
  expect(report.acknowledged).toBeGreaterThan(ROUNDS * 10);
  expect(report.roundsHit).toBeGreaterThan(ROUNDS / 2);
}, 3_600_000);

test(`the database is killed ${ROUNDS} times under two receivers: the same, and they go on when it is back`, async () => {
  const inbox = await postgres.database();
  const strike = async (): Promise<void> => {
    await someMoments(400);
    await postgres.kill();
    await postgres.run();
    await someMoments(200);
  };
  const report = await crash({ rounds: ROUNDS, receivers: 2, inbox, strike });
  told('database killed', report);
  expect(report.acknowledged).toBeGreaterThan(ROUNDS * 10);
  expect(report.roundsHit).toBe(ROUNDS);
}, 3_600_000);

test('two receivers behind a load balancer that doubles deliveries: each event once', async () => {
  const inbox = await postgres.database();
  const receivers = [await ReceiverProcess.start(inbox), await ReceiverProcess.start(inbox)];
  const balancer = await doubling(receivers.map(({ port }) => port));
  const ashby = new Ashby();
  const MANY = 600;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < MANY) {
      const id = `event-${(next += 1)}`;
      expect(await ashby.attempt((balancer.address() as AddressInfo).port, id, event(id))).toBe(true);
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  const [first, second] = await Promise.all(receivers.map(({ pullPort }) => allEvents(pullPort)));
  expect(second).toEqual(first);
  expect(first?.map(({ number }) => number)).toEqual(Array.from({ length: MANY }, (_, index) => index + 1));
  expect(new Set(first?.map(({ id }) => id)).size).toBe(MANY);
  ashby.close();
  balancer.closeAllConnections();
  balancer.close();
  await Promise.all(receivers.map((receiver) => receiver.kill()));
});

/** Sends every request on to all ports at the same time, and answers as the first one does that answers. */
async function doubling(ports: readonly number[]): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      for (const port of ports) {
        const { method, url: path, headers } = incoming;
        const copy = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
          answer.resume();
          if (outgoing.headersSent) return;
          outgoing.writeHead(answer.statusCode ?? 502).end();
        });
        copy.on('error', () => outgoing.headersSent || outgoing.writeHead(502).end());
        copy.end(Buffer.concat(chunks));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
