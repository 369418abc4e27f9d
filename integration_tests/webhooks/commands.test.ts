import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runConnector, type Ended } from '../support/process.ts';
import { allEvents, pull, ReceiverProcess, type EventsAnswer } from './receiver.ts';
import { deliver, event } from './sender.ts';

/* The commands beside `serve`, as processes, with a receiver that runs. */

let folder: string;
let receiver: ReceiverProcess;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'source-ashby-commands-'));
  receiver = await ReceiverProcess.start(join(folder, 'inbox.db'));
});
afterEach(async () => {
  await receiver.kill();
  await rm(folder, { recursive: true });
});

const run = (...words: string[]): Promise<Ended> =>
  runConnector(['webhooks', ...words, '--inbox', join(folder, 'inbox.db')]);
const holds = async (text: string): Promise<boolean> => {
  const files = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file))));
  return files.some((content) => content.includes(text));
};

test('erase takes every event of one candidate, also those that name an application or offer only, and no trace stays', async () => {
  const candidate = { id: 'candidate-1', name: 'TRACE' };
  const mine: [string, unknown][] = [
    ['signature', { offerId: 'offer-1', note: 'TRACE' }], // comes before anything tells whose offer it is
    ['submit', { application: { id: 'application-1', candidate } }],
    ['offer', { offer: { id: 'offer-1', applicationId: 'application-1', note: 'TRACE' } }],
    ['interview', { interviewSchedule: { applicationId: 'application-1', note: 'TRACE' } }],
    ['delete', { candidate: { id: 'candidate-1' } }],
    ['merge', { deletedCandidate: { id: 'candidate-1' }, mergedCandidate: { id: 'candidate-2' } }],
  ];
  const others: [string, unknown][] = [
    ['other', { application: { id: 'application-2', candidate: { id: 'candidate-2', name: 'SOMEONE ELSE' } } }],
    ['job', { job: { id: 'job-1' } }],
    ['near', { candidate: { id: 'candidate-11' } }],
  ];
  for (const [id, data] of [...mine, ...others])
    expect((await deliver(receiver.port, event(id, data))).status).toBe(200);
  expect(await holds('TRACE')).toBe(true);
  const ended = await run('erase', '--candidate', 'candidate-1');
  expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining(`${mine.length} events named the candidate`)]);
  expect((await allEvents(receiver.pullPort)).map(({ id }) => id)).toEqual(others.map(([id]) => id));
  expect([await holds('TRACE'), await holds('application-1'), await holds('SOMEONE ELSE')]).toEqual([
    false,
    false,
    true,
  ]);
});

test('restored gives the inbox another identity, which a receiver that runs gives out at once', async () => {
  const identity = async (): Promise<string> =>
    (JSON.parse((await pull(receiver.pullPort, '/events')).text) as EventsAnswer).inbox;
  const before = await identity();
  expect((await run('restored')).code).toBe(0);
  expect(await identity()).not.toBe(before);
});

test('events call --notify, a ping does not, and its token is in no log', async () => {
  const calls: { method: string | undefined; authorization: string | undefined; body: string }[] = [];
  let called: () => void = () => undefined;
  const once = new Promise<void>((resolve) => (called = resolve));
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      calls.push({ method: request.method, authorization: request.headers.authorization, body });
      response.writeHead(201).end();
      called();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sync`;
  const notifying = await ReceiverProcess.start(join(folder, 'notifying.db'), ['--notify', url], {
    ASHBY_NOTIFY_HEADERS: '{"Authorization":"Bearer notify-token"}',
    ASHBY_NOTIFY_BODY: '{"connectionId":"c"}',
    HTTP_PROXY: 'http://127.0.0.1:9', // obeyed, it would break the call
  });
  await deliver(notifying.port, event('ping', {}, 'ping'));
  expect(calls).toEqual([]);
  const begin = performance.now();
  for (let index = 0; index < 5; index += 1) await deliver(notifying.port, event(`event-${index}`));
  await once;
  expect(performance.now() - begin).toBeLessThan(5_000);
  expect(calls).toEqual([{ method: 'POST', authorization: 'Bearer notify-token', body: '{"connectionId":"c"}' }]);
  const { stdout } = await notifying.kill('SIGTERM');
  expect(stdout).not.toContain('notify-token');
  server.close();
});

test.each<[string[], RegExp]>([
  [['erase'], /--candidate ID/],
  [['register'], /ASHBY_API_KEY, or --config/],
  [['--keep-days', '0'], /--keep-days must be a number above 0/],
  [['--listen', 'nowhere'], /secret|--listen must look like/],
  [['dance'], /Invalid values/],
])('webhooks %s is refused with what to do', async (words, reason) => {
  const ended = await run(...words);
  expect([ended.code, ended.out.errors()[0]?.message]).toEqual([1, expect.stringMatching(reason)]);
});

test('without its native library every other command starts, and this one says what is missing', async () => {
  const copy = join(folder, 'copy');
  const root = new URL('../../', import.meta.url).pathname;
  for (const part of ['bin', 'dist', 'spec', 'schemas', 'package.json']) {
    await cp(join(root, part), join(copy, part), { recursive: true, filter: (path) => !path.includes('node_modules') });
  }
  const start = (...words: string[]): Promise<{ code: number; stdout: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [join(copy, 'bin', 'source-ashby'), ...words], (error, stdout) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout }),
      );
    });
  expect(await start('spec')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^{"type":"SPEC"/) });
  const ended = await start('webhooks', 'restored', '--inbox', join(folder, 'other.db'));
  expect(ended).toMatchObject({ code: 1, stdout: expect.stringMatching(/the package libsql is missing/) });
});
