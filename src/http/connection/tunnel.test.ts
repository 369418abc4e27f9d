import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createSecureServer } from 'node:tls';
import { identityFor, type Identity } from '../../testing/certificate.ts';
import { rawServer, started, tcpServer, type Loopback } from '../../testing/loopback.ts';
import { createTransport, type HttpAnswer, type Transport } from '../transport.ts';

const HOST = 'ashby.example.com';
let ashbyIdentity: Identity;
let ashby: Loopback;
const seen: string[] = [];
const ends: (() => unknown)[] = [];

beforeAll(() => {
  ashbyIdentity = identityFor(HOST);
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  seen.length = 0;
});

async function startAshby(identity = ashbyIdentity): Promise<void> {
  ashby = await started(
    createTlsServer(identity, (request, response) => {
      seen.push(`${request.headers.host ?? ''} ${request.headers.authorization ?? ''}`);
      response.end('{"from":"ashby"}');
    }),
  );
  ends.push(() => ashby.close());
}

/** Joins a proxy's connection with the server that stands in for Ashby, whatever host was asked for. */
function join(socket: Socket): void {
  const other = connect(ashby.port, '127.0.0.1');
  socket.removeAllListeners('data');
  socket.on('close', () => other.destroy()).on('error', () => undefined);
  other.on('close', () => socket.destroy()).on('error', () => undefined);
  socket.pipe(other).pipe(socket);
}

async function proxyThat(answers: (socket: Socket, n: number) => void): Promise<Loopback> {
  const proxy = await rawServer((n, socket) => answers(socket, n));
  ends.push(() => proxy.close());
  return proxy;
}

function transportThrough(address: string, ca = ashbyIdentity.cert): Transport {
  const transport = createTransport({
    connectTimeoutMs: 300,
    idleTimeoutMs: 500,
    totalTimeoutMs: 1_500,
    maxAnswerBytes: 1e6,
    maxBytesInFlight: 1e6,
    environment: { HTTPS_PROXY: address },
    trustedCertificates: ca,
  });
  ends.push(() => transport.close());
  return transport;
}

function ask(transport: Transport): Promise<HttpAnswer> {
  const headers = { authorization: 'Basic key' };
  return transport.send({ url: `https://${HOST}/job.list`, headers, body: '{}' });
}

const CONNECTED = 'HTTP/1.1 200 Connection established\r\n\r\n';

describe('through a proxy', () => {
  test.each([CONNECTED, 'HTTP/1.1 204 Fine\r\n\r\n'])('TLS is spoken with Ashby itself, after %j', async (answer) => {
    await startAshby();
    const proxy = await proxyThat((socket) => {
      socket.write(answer);
      join(socket);
    });
    const transport = transportThrough(proxy.url);
    expect((await ask(transport)).body.toString()).toBe('{"from":"ashby"}');
    await ask(transport);
    expect(seen).toEqual([`${HOST} Basic key`, `${HOST} Basic key`]);
  });

  test('the credentials in its address are sent to it, and the key is not', async () => {
    await startAshby();
    let asked = '';
    const proxy = await tcpServer((socket) => {
      socket.once('data', (bytes) => {
        asked = bytes.toString();
        socket.write(CONNECTED);
        join(socket);
      });
    });
    ends.push(() => proxy.close());
    await ask(transportThrough(`http://user:p%40ss@127.0.0.1:${proxy.port}`));
    expect(asked).toMatch(new RegExp(`^CONNECT ${HOST}:443 HTTP/1.1\r\n`));
    expect(asked.toLowerCase()).toContain(
      `proxy-authorization: basic ${Buffer.from('user:p@ss').toString('base64')}`.toLowerCase(),
    );
    expect(asked).not.toContain('Basic key');
    expect(seen[0]).not.toContain(Buffer.from('user:p@ss').toString('base64'));
  });

  test('that is spoken to by TLS, TLS with Ashby goes inside', async () => {
    await startAshby();
    const own = identityFor('localhost');
    const proxy = await started(
      createSecureServer(own, (socket) => {
        socket.once('data', () => {
          socket.write(CONNECTED);
          join(socket);
        });
      }),
    );
    ends.push(() => proxy.close());
    const transport = transportThrough(`https://localhost:${proxy.port}`, own.cert + ashbyIdentity.cert);
    expect((await ask(transport)).body.toString()).toBe('{"from":"ashby"}');
  });

  const json = '{"success":true,"results":[],"moreDataAvailable":false,"syncToken":"forged"}';
  const forged = (status: string): string =>
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n${json}`;
  test.each<[string, string, object]>([
    ['200 with a body', forged('200 OK'), { code: 'EPROXY', final: false }],
    ['201 with a body', forged('201 Created'), { code: 'EPROXY', final: false }],
    ['407', forged('407 Proxy Authentication Required'), { code: 'EPROXY407', final: true }],
    ['403', forged('403 Forbidden'), { code: 'EPROXY403', final: true }],
    ['404', forged('404 Not Found'), { code: 'EPROXY404', final: true }],
    ['502', forged('502 Bad Gateway'), { code: 'EPROXY502', final: false }],
    ['302', forged('302 Found'), { code: 'EPROXY302', final: true }],
    ['no HTTP', 'hello\r\n\r\n', { code: expect.stringMatching(/^HPE_/) }],
  ])('its own answer %s is never Ashby’s', async (_case, answer, expected) => {
    const proxy = await proxyThat((socket) => socket.write(answer));
    const address = `http://user:hush-hush@127.0.0.1:${proxy.port}`;
    const failure: unknown = await ask(transportThrough(address)).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ ...expected, via: `127.0.0.1:${proxy.port}` });
    const text = `${String(failure)} ${(failure as Error).stack ?? ''} ${JSON.stringify(failure)}`;
    expect(text).not.toContain('hush-hush');
    expect(text).not.toContain(Buffer.from('user:hush-hush').toString('base64'));
  });

  test('what it says late is not Ashby’s either', async () => {
    const proxy = await proxyThat((socket, n) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      setTimeout(() => socket.write(forged('200 OK')), 20 * n);
    });
    await expect(ask(transportThrough(proxy.url))).rejects.toMatchObject({ name: 'NetworkError' });
  });

  test.each<[string, (socket: Socket) => void]>([
    ['before its answer', () => undefined],
    ['after its answer', (socket) => socket.write(CONNECTED)],
  ])('its silence %s ends within the time for connecting', async (_case, answers) => {
    const proxy = await proxyThat(answers);
    const startedAt = performance.now();
    await expect(ask(transportThrough(proxy.url))).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test('a certificate that nobody vouches for is refused', async () => {
    await startAshby(identityFor('ashby.example.com'));
    const proxy = await proxyThat((socket) => {
      socket.write(CONNECTED);
      join(socket);
    });
    await expect(ask(transportThrough(proxy.url))).rejects.toMatchObject({ code: expect.stringMatching(/CERT/) });
    expect(seen).toEqual([]);
  });

  test('close() ends a tunnel that is being made', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const began = new Promise<void>((resolve) => {
      void proxyThat((socket) => {
        closed = new Promise((done) => socket.once('close', done));
        resolve();
      }).then((proxy) => {
        const transport = transportThrough(proxy.url);
        ask(transport).catch(() => undefined);
        void began.then(() => transport.close());
      });
    });
    await began;
    await closed;
  });
});
