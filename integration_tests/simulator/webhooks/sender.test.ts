import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../index.ts';
import { WebhookSender } from './sender.ts';

interface Came {
  body: any;
  text: string;
  signature: unknown;
}

let server: Server;
let url: string;
let came: Came[];
/** The status for the n-th request, from 0. */
let statusOf: (n: number) => number;
let sender: WebhookSender;

beforeEach(async () => {
  [came, statusOf] = [[], () => 200];
  server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      came.push({ body: JSON.parse(text), text, signature: request.headers['ashby-signature'] });
      response.writeHead(statusOf(came.length - 1)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  let count = 0;
  sender = new WebhookSender({ nextId: () => `id-${count++}` });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('a webhook is pinged when it is made, and kept disabled where nobody or an error answers', async () => {
  expect((await sender.register({ type: 'jobUpdate', url, secret: 's' })).enabled).toBe(true);
  expect(came[0]?.body).toEqual({ webhookActionId: 'id-1', action: 'ping', data: { webhookActionType: 'jobUpdate' } });
  statusOf = () => 503;
  expect((await sender.register({ type: 'jobCreate', url })).enabled).toBe(false);
  expect((await sender.register({ type: 'jobCreate', url: 'http://127.0.0.1:1/' })).enabled).toBe(false);
  sender.fire('jobCreate', {});
  await sender.idle();
  expect(came).toHaveLength(2); // disabled ones get nothing
});

test('bodies are signed with the secret token, and unsigned without one', async () => {
  await sender.register({ type: 'jobUpdate', url, secret: 's' });
  await sender.register({ type: 'jobUpdate', url });
  sender.fire('jobUpdate', { job: { id: 'Zoë' } });
  await sender.idle();
  const [signed, plain] = came.slice(2).sort((a) => (a.signature === undefined ? 1 : -1));
  expect(signed?.signature).toBe(
    `sha256=${createHmac('sha256', 's')
      .update(signed?.text ?? '')
      .digest('hex')}`,
  );
  expect(plain?.signature).toBeUndefined();
  expect(signed?.body).toEqual(plain?.body); // one event has one id, whatever webhook it goes to
});

test('what fails is sent again, ten times in all; a final status ends it at once', async () => {
  await sender.register({ type: 'jobUpdate', url });
  statusOf = (n) => (n < 4 ? 500 : 200);
  sender.fire('jobUpdate', {});
  await sender.idle();
  expect(sender.deliveries.at(-1)).toMatchObject({ outcome: 'delivered', statuses: [500, 500, 500, 200] });
  statusOf = () => 500;
  sender.fire('jobUpdate', {});
  await sender.idle();
  expect(sender.deliveries.at(-1)).toMatchObject({ outcome: 'given-up', statuses: new Array(10).fill(500) });
  for (const status of [401, 403, 404, 405, 410]) {
    statusOf = () => status;
    sender.fire('jobUpdate', {});
    await sender.idle();
    expect(sender.deliveries.at(-1)).toMatchObject({ outcome: 'dropped', statuses: [status] });
  }
});

test('held deliveries go out reversed and doubled, and one hire is three events', async () => {
  for (const type of ['candidateHire', 'candidateStageChange', 'applicationUpdate'])
    await sender.register({ type, url });
  sender.hold();
  sender.fire('candidateHire', { application: { id: 'a' } });
  await sender.release({ reversed: true, times: 2 });
  const order = ['applicationUpdate', 'candidateStageChange', 'candidateHire'];
  expect(came.slice(3).map(({ body }) => body.action)).toEqual([...order, ...order]);
});

test('what happens to rows from outside is told; deleted applications are not, as in Ashby', async () => {
  const sim: Simulator = await startSimulator({ scale: 60 });
  const types = [
    'candidateDelete',
    'candidateMerge',
    'offerDelete',
    'offerUpdate',
    'jobPostingDelete',
    'applicationUpdate',
  ];
  for (const type of types) await sim.webhooks.register({ type, url });
  const [offer] = sim.change('offer.list', { count: 1 });
  const [posting] = sim.remove('jobPosting.list', 1);
  sim.remove('application.list', 1);
  const [candidate] = sim.remove('candidate.list', 1);
  const [one, two] = [...sim.rows('candidate.list')].map((row) => String(row['id']));
  sim.merge(String(one), String(two));
  await sim.webhooks.idle();
  const told = came.slice(types.length).map(({ body }) => [body.action, body.data]);
  expect(told).toHaveLength(4);
  expect(told).toEqual(
    expect.arrayContaining([
      ['offerUpdate', { offer: expect.objectContaining({ id: offer, latestVersion: expect.anything() }) }],
      ['jobPostingDelete', { jobPosting: { id: posting, jobId: expect.any(String) } }],
      ['candidateDelete', { candidate: { id: candidate } }],
      ['candidateMerge', { deletedCandidate: { id: one }, mergedCandidate: { id: two } }],
    ]),
  );
  await sim.close();
});
