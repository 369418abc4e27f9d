import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openInbox } from '../../../src/webhooks/inbox/open.ts';
import { GroupCommit } from '../../../src/webhooks/inbox/group.ts';
import { Postgres } from '../postgres/server.ts';
import { ReceiverProcess } from '../receiver.ts';
import { SECRET } from '../sender.ts';

/*
 * How many deliveries a receiver acknowledges each second, beside what its store alone takes of the same writes: the
 * same events, as many of them under way at a time, each waited for until it is durable. `npm run bench:webhooks`.
 */

/** How many deliveries are under way at a time, and how many are sent in all. */
const LOADS = [
  { lanes: 1, events: 300 },
  { lanes: 16, events: 6_000 },
  { lanes: 64, events: 20_000 },
] as const;
type Load = (typeof LOADS)[number];
const RUNS = 3;
const BODY_BYTES = 3_000;

const bodies = (run: string, events: number): Buffer[] =>
  Array.from({ length: events }, (_, index) => {
    const head = { webhookActionId: `${run}-${index}`, action: 'applicationUpdate', data: { text: '' } };
    head.data.text = 'x'.repeat(BODY_BYTES - JSON.stringify(head).length);
    return Buffer.from(JSON.stringify(head));
  });

/** The store alone, within this process. */
async function alone(place: string, run: string, { lanes, events }: Load): Promise<number> {
  const inbox = await openInbox({ place, warn: () => undefined });
  const group = new GroupCommit((arrivals) => inbox.append(arrivals));
  const all = bodies(run, events);
  const begin = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < events) {
      const index = next++;
      await group.add({
        id: `${run}-${index}`,
        action: 'applicationUpdate',
        receivedAtMs: Date.now(),
        body: all[index] ?? Buffer.alloc(0),
      });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const seconds = (performance.now() - begin) / 1_000;
  await inbox.close();
  return events / seconds;
}

/** The receiver, a process of its own, over kept-alive connections. Requests are made before the clock runs. */
async function receiving(place: string, run: string, { lanes, events }: Load): Promise<number> {
  const receiver = await ReceiverProcess.start(place);
  const requests = bodies(run, events).map((body) => {
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    const head = `POST /ashby HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nashby-signature: sha256=${signature}\r\ncontent-length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  });
  const begin = performance.now();
  let next = 0;
  const lane = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(receiver.port, '127.0.0.1');
      const send = (): void => {
        const request = requests[next++];
        if (request) socket.write(request);
        else socket.end(resolve);
      };
      socket.setNoDelay().on('connect', send).on('error', reject);
      socket.on('data', (answer) => {
        if (!answer.toString('latin1').startsWith('HTTP/1.1 200 ')) reject(new Error(answer.toString('latin1')));
        else send();
      });
    });
  await Promise.all(Array.from({ length: lanes }, lane));
  const seconds = (performance.now() - begin) / 1_000;
  await receiver.kill();
  return events / seconds;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function compare(name: string, place: string): Promise<void> {
  for (const load of LOADS) {
    const rates: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
      const unique = `${load.lanes}-${run}`;
      rates[0].push(await alone(place, `alone-${unique}`, load));
      rates[1].push(await receiving(place, `received-${unique}`, load));
    }
    const [store, receiver] = [median(rates[0]), median(rates[1])];
    const round = (rate: number): string => Math.round(rate).toLocaleString('en-US');
    console.log(
      `| ${name} | ${load.lanes} | ${round(store)} | ${round(receiver)} | ${(receiver / store).toFixed(2)} |`,
    );
  }
}

console.log(`Bodies of ${BODY_BYTES} bytes; median of ${RUNS} runs; each event is acknowledged after its fsync.\n`);
console.log(
  '| inbox | under way at a time | store alone, events a second | receiver, deliveries a second | receiver ÷ store |',
);
console.log('|---|---|---|---|---|');
const folder = await mkdtemp(join(tmpdir(), 'source-ashby-bench-'));
await compare('SQLite', join(folder, 'inbox.db'));
await rm(folder, { recursive: true });
const postgres = await Postgres.start();
await compare('Postgres 15, on the same machine', await postgres.database());
await postgres.stop();
