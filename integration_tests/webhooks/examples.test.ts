import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { parseCommandLine } from '../../src/cli.ts';
import { notifyCall } from '../../src/webhooks/settings.ts';
import { connected } from './sender.ts';

/* examples/webhooks, as a person would run them who has copied them. */

const folder = new URL('../../examples/webhooks/', import.meta.url).pathname;
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts an example that listens, and waits until it does. */
async function start(words: string[], env: Record<string, string>): Promise<number> {
  const port = await freePort();
  children.push(
    spawn(process.execPath, words, { env: { PATH: process.env['PATH'], PORT: String(port), ...env }, stdio: 'ignore' }),
  );
  for (;;) {
    const open = await connected(port).catch(() => undefined);
    open?.destroy();
    if (open) return port;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const notify = async (port: number): Promise<number> =>
  (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' })).status;

test('airbyte.mjs fetches a token, starts the job, and hands on that a sync runs already', async () => {
  const calls: [string | undefined, string | undefined, unknown][] = [];
  let jobStatus = 200;
  const api = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      calls.push([request.url, request.headers.authorization, JSON.parse(body)]);
      const token = request.url === '/v1/applications/token';
      response.writeHead(token ? 200 : jobStatus, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(token ? { access_token: 'a-token' } : { jobId: 1, status: 'running', jobType: 'sync' }),
      );
    });
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const port = await start([`${folder}notify/airbyte.mjs`], {
    AIRBYTE_API: `http://127.0.0.1:${(api.address() as AddressInfo).port}/v1`,
    ...{ AIRBYTE_CLIENT_ID: 'id', AIRBYTE_CLIENT_SECRET: 'secret', AIRBYTE_CONNECTION: 'connection' },
  });
  expect(await notify(port)).toBe(200);
  expect(calls).toEqual([
    [
      '/v1/applications/token',
      undefined,
      { client_id: 'id', client_secret: 'secret', 'grant-type': 'client_credentials' },
    ],
    ['/v1/jobs', 'Bearer a-token', { connectionId: 'connection', jobType: 'sync' }],
  ]);
  jobStatus = 409;
  expect(await notify(port)).toBe(409);
  api.close();
  api.closeAllConnections();
  expect(await notify(port)).toBe(502);
});

test('run-command.mjs runs the command, and not a second time while it runs', async () => {
  const place = await mkdtemp(join(tmpdir(), 'source-ashby-command-'));
  const script = `require('fs').writeFileSync(process.argv[1], ''); setInterval(() => require('fs').existsSync(process.argv[2]) && process.exit(), 10)`;
  const [started, goOn] = [join(place, 'started'), join(place, 'go-on')];
  const port = await start([`${folder}notify/run-command.mjs`, process.execPath, '-e', script, started, goOn], {});
  expect(await notify(port)).toBe(202);
  expect(await notify(port)).toBe(409);
  while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 10));
  const { writeFile } = await import('node:fs/promises');
  await writeFile(goOn, '');
  let status = 409;
  while (status === 409) status = await notify(port);
  expect(status).toBe(202);
  await rm(place, { recursive: true });
});

test.each(['github', 'dagster'])('%s.env is what the receiver takes', async (name) => {
  const lines = readFileSync(`${folder}notify/${name}.env`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const environment = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const call = await notifyCall('https://example.com', { environment, hide: () => undefined });
  expect(call).toMatchObject({ method: 'POST', headers: expect.any(Object) });
  expect(JSON.parse(call.body ?? '')).toEqual(expect.any(Object));
});

test('compose and Kubernetes start the receiver with words that it knows, and never publish the port for readers', async () => {
  const compose: any = parse(readFileSync(`${folder}compose.yaml`, 'utf8'));
  const deployment: any = parse(readFileSync(`${folder}kubernetes/deployment.yaml`, 'utf8'));
  const [container] = deployment.spec.template.spec.containers;
  for (const words of [compose.services.receiver.command, container.args] as string[][]) {
    expect(await parseCommandLine(words)).toMatchObject({
      name: 'webhooks',
      words: { task: 'serve', pullListen: '0.0.0.0:8081' },
    });
  }
  expect(compose.services.receiver.ports.join()).not.toContain('8081');
  const variables = [
    ...Object.keys(compose.services.receiver.environment),
    ...container.env.map(({ name }: { name: string }) => name),
  ];
  expect([...new Set(variables)].sort()).toEqual([
    'ASHBY_INBOX',
    'ASHBY_INBOX_TOKEN',
    'ASHBY_WEBHOOK_SECRET',
    'ASHBY_WEBHOOK_SECRET_OLD',
  ]);
});
