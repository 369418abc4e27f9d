import { afterEach, describe, expect, test } from '@jest/globals';
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { Interrupted } from '../errors.ts';
import { httpServer, rawServer, tcpServer, type Loopback } from '../testing/loopback.ts';
import { createTransport, type HttpAnswer, type Transport, type TransportOptions } from './transport.ts';

const MB = 1024 * 1024;
const usual: TransportOptions = {
  connectTimeoutMs: 300,
  idleTimeoutMs: 300,
  totalTimeoutMs: 900,
  maxAnswerBytes: MB,
  maxBytesInFlight: 3 * MB,
  environment: undefined,
};

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function transportWith(options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({ ...usual, ...options });
  ends.push(() => transport.close());
  return transport;
}

async function serve(server: Promise<Loopback>): Promise<Loopback> {
  const loopback = await server;
  ends.push(() => loopback.close());
  return loopback;
}

function ask(transport: Transport, { url }: Loopback, more = {}): Promise<HttpAnswer> {
  return transport.send({ url: `${url}/job.list`, headers: {}, body: '{"a":1}', ...more });
}

/** An answer as it goes over the wire. */
function wire(body: string | Buffer, head: Record<string, string | number> = {}, status = '200 OK'): Buffer {
  const lines = Object.entries({ 'Content-Length': Buffer.byteLength(body), ...head }).map(
    ([k, v]) => `${k}: ${v}\r\n`,
  );
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`), Buffer.from(body)]);
}

describe('an answer', () => {
  test('comes with its status, its headers in lower case and its body', async () => {
    const server = await serve(rawServer((_n, socket) => socket.write(wire('{}', { 'X-Thing': 'y' }, '418 Teapot'))));
    const answer = await ask(transportWith(), server);
    expect(answer).toMatchObject({ status: 418, headers: { 'x-thing': 'y' } });
    expect(answer.body.toString()).toBe('{}');
  });

  test.each([302, 307, 308])('with a redirection (status %d) comes as it is, and is not followed', async (status) => {
    const urls: (string | undefined)[] = [];
    const server = await serve(
      httpServer((request, response) => {
        urls.push(request.url);
        response.writeHead(status, { location: '/elsewhere' }).end();
      }),
    );
    expect(await ask(transportWith(), server)).toMatchObject({ status });
    expect(urls).toEqual(['/job.list']);
  });

  test('reuses the connection of the one before', async () => {
    const server = await serve(httpServer((_request, response) => response.end('{}')));
    const transport = transportWith();
    for (let n = 0; n < 5; n += 1) {
      await ask(transport, server);
      await new Promise((resolve) => setTimeout(resolve, 70)); // beyond the rest that a connection takes
    }
    expect(server.connections()).toBe(1);
  });

  const text = JSON.stringify({ text: 'made up '.repeat(5_000) });
  test.each<[string, (body: string) => Buffer]>([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['identity', (body) => Buffer.from(body)],
  ])('packed as %s is unpacked', async (encoding, pack) => {
    const server = await serve(
      rawServer((_n, socket) => socket.write(wire(pack(text), { 'Content-Encoding': encoding }))),
    );
    expect((await ask(transportWith(), server)).body.toString()).toBe(text);
  });

  test('that is empty is empty, whatever its header says of packing', async () => {
    const server = await serve(rawServer((_n, socket) => socket.write(wire('', { 'Content-Encoding': 'gzip' }))));
    expect((await ask(transportWith(), server)).body).toHaveLength(0);
  });
});

const gzipped = gzipSync(JSON.stringify({ rows: Array.from({ length: 999 }, (_, n) => n) }));
const drip = (socket: Socket, bytes: string, everyMs: number): void => {
  const timer = setInterval(() => socket.write(bytes), everyMs);
  socket.once('close', () => clearInterval(timer));
};

describe('a network failure', () => {
  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['a connection that is closed', (socket) => socket.end(), /ECONNRESET/],
    ['a reset', (socket) => socket.resetAndDestroy(), /ECONNRESET/],
    ['silence', () => undefined, /ETIMEDOUT/],
    ['no HTTP', (socket) => socket.write('hello there\r\n\r\n'), /HPE_/],
    ['a body that stands still', (socket) => socket.write(wire('{}', { 'Content-Length': 99 })), /ETIMEDOUT/],
    ['a body that breaks off', (socket) => socket.end(wire('{}', { 'Content-Length': 99 })), /ECONNRESET/],
    [
      'chunks that break off',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n'),
      /ECONNRESET/,
    ],
    [
      'a body that drips',
      (socket) => {
        socket.write(wire('{', { 'Content-Length': 9_999 }));
        drip(socket, ' ', 50);
      },
      /ETIMEDOUT/,
    ],
    [
      'headers that drip',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nX-A: ');
        drip(socket, 'a', 50);
      },
      /ETIMEDOUT/,
    ],
    ['headers without end', (socket) => socket.write(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(99_999)}`), /HPE_/],
    [
      'a switch of protocols',
      (socket) => socket.write('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
      /EBADANSWER/,
    ],
    ['status 101 alone', (socket) => socket.write('HTTP/1.1 101 Switching\r\n\r\n'), /EBADANSWER/],
    ['interim answers without end', (socket) => drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n', 2), /EBADANSWER/],
    [
      'a packing that nobody asked for',
      (socket) => socket.write(wire('{}', { 'Content-Encoding': 'zstd' })),
      /EENCODING/,
    ],
    [
      'what is not packed as it says',
      (socket) => socket.write(wire('{}', { 'Content-Encoding': 'gzip' })),
      /Z_DATA_ERROR/,
    ],
    [
      'gzip that is cut off',
      (socket) => socket.write(wire(gzipped.subarray(0, gzipped.length / 2), { 'Content-Encoding': 'gzip' })),
      /Z_BUF_ERROR/,
    ],
    [
      'brotli that is damaged',
      (socket) => socket.write(wire(Buffer.alloc(50, 0xff), { 'Content-Encoding': 'br' })),
      /DECODER_ERROR|ERR_/,
    ],
  ])('is what %s ends as, within the time-outs', async (_case, reply, code) => {
    const server = await serve(rawServer((_n, socket) => reply(socket)));
    const startedAt = performance.now();
    await expect(ask(transportWith(), server)).rejects.toMatchObject({
      name: 'NetworkError',
      code: expect.stringMatching(code),
    });
    expect(performance.now() - startedAt).toBeLessThan(usual.totalTimeoutMs + 600);
  });

  test('is what a connection that nobody accepts ends as', async () => {
    const server = await tcpServer(() => undefined);
    await server.close();
    await expect(ask(transportWith(), server)).rejects.toMatchObject({ name: 'NetworkError', code: 'ECONNREFUSED' });
  });

  test('says nothing of what was sent', async () => {
    const server = await serve(rawServer((_n, socket) => socket.destroy()));
    const failure = await ask(transportWith(), server, { headers: { authorization: 'Basic made-up' } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(JSON.stringify([failure, String(failure), Object.entries(failure as object)])).not.toContain('made-up');
  });
});

test.each(['before an answer', 'inside a body'])('a run that is stopped %s ends at once', async (when) => {
  const stop = new AbortController();
  const server = await serve(
    rawServer((_n, socket) => {
      if (when === 'inside a body') socket.write(wire('{', { 'Content-Length': 99 }));
      setTimeout(() => stop.abort(), 30);
    }),
  );
  const slow = transportWith({ idleTimeoutMs: 60_000, totalTimeoutMs: 60_000 });
  await expect(ask(slow, server, { signal: stop.signal })).rejects.toBeInstanceOf(Interrupted);
});

describe('an answer that nobody asked for', () => {
  /** Answers with the number of the request; every third one twice, the copy so much later. */
  const twice = (laterMs: number) =>
    rawServer((n, socket) => {
      const bytes = wire(JSON.stringify({ n }));
      setTimeout(() => {
        socket.write(bytes);
        if (n % 3 !== 0) return;
        if (laterMs < 0) socket.write(bytes);
        else setTimeout(() => socket.write(bytes), laterMs);
      }, 30);
    });

  test.each([-1, 0, 1, 20])('is never taken for the answer to the next request (%d ms later)', async (laterMs) => {
    const server = await serve(twice(laterMs));
    const transport = transportWith();
    const answers: unknown[] = [];
    for (let n = 1; n <= 20; n += 1) answers.push(JSON.parse((await ask(transport, server)).body.toString()));
    expect(answers).toEqual(Array.from({ length: 20 }, (_, n) => ({ n: n + 1 })));
  });

  test('closes the connection also when it comes while that lies idle', async () => {
    let socket: Socket | undefined;
    const server = await serve(
      rawServer((n, from) => {
        from.write(wire(JSON.stringify({ n })));
        socket = from;
      }),
    );
    const transport = transportWith();
    await ask(transport, server);
    const closed = new Promise((resolve) => socket?.once('close', resolve));
    setTimeout(() => socket?.write(wire('{"n":"stray"}')), 100);
    await closed;
    expect((await ask(transport, server)).body.toString()).toBe('{"n":2}');
  });

  test('is not taken when it comes before the request has left', async () => {
    const server = await serve(
      tcpServer((socket) => {
        socket.pause();
        socket.write(wire('{"stray":true}'));
      }),
    );
    const body = JSON.stringify('x'.repeat(20 * MB)); // more than lies in the buffers of a connection
    await expect(ask(transportWith(), server, { body })).rejects.toMatchObject({ code: 'EBADANSWER' });
  });

  test('is known by its id when it comes as late as the next request', async () => {
    let last: Buffer = Buffer.alloc(0);
    let repeated = false;
    const server = await serve(
      rawServer((n, socket) => {
        if (n === 3 && !repeated) {
          repeated = true;
          socket.write(last);
        }
        last = wire(JSON.stringify({ n }), { 'X-Id': n });
        socket.write(last);
      }),
    );
    const transport = transportWith({ idHeader: 'x-id' });
    await ask(transport, server);
    await ask(transport, server);
    await expect(ask(transport, server)).rejects.toMatchObject({ code: 'EREPEATED' });
    expect((await ask(transport, server)).body.toString()).toBe('{"n":4}');
  });
});

test('connections that rest or lie idle are closed by close()', async () => {
  const closed: Promise<unknown>[] = [];
  const server = await serve(
    httpServer((request, response) => {
      closed.push(new Promise((resolve) => request.socket.once('close', resolve)));
      response.end('{}');
    }),
  );
  const transport = transportWith();
  await Promise.all([ask(transport, server), ask(transport, server)]);
  transport.close();
  expect(await Promise.all(closed)).toHaveLength(2);
});

describe('an answer over the cap', () => {
  const tooLarge = { name: 'AnswerTooLarge', limitBytes: MB };
  /** `megabytes` of blanks, which pack a thousandfold. */
  const blanks = (megabytes: number): Buffer => Buffer.alloc(megabytes * MB, ' ');

  test.each<[string, Buffer]>([
    ['gzip', gzipSync(blanks(64))],
    ['br', brotliCompressSync(blanks(64))],
    ['deflate', deflateSync(blanks(64))],
  ])('packed as %s is given up while it unpacks', async (encoding, bomb) => {
    const server = await serve(rawServer((_n, socket) => socket.write(wire(bomb, { 'Content-Encoding': encoding }))));
    const transport = transportWith({ idleTimeoutMs: 9_000, totalTimeoutMs: 9_000 });
    await expect(ask(transport, server)).rejects.toMatchObject(tooLarge);
  });

  test('is refused by its announced size, before it comes', async () => {
    const server = await serve(rawServer((_n, socket) => socket.write(wire('{', { 'Content-Length': MB + 1 }))));
    await expect(ask(transportWith(), server)).rejects.toMatchObject(tooLarge);
  });

  test('is given up where it announces nothing, and its connection is closed', async () => {
    let closed: Promise<unknown> | undefined;
    const server = await serve(
      httpServer((request, response) => {
        closed = new Promise((resolve) => request.socket.once('close', resolve));
        for (let n = 0; n < 20; n += 1) response.write(blanks(1));
      }),
    );
    await expect(ask(transportWith(), server)).rejects.toMatchObject(tooLarge);
    await closed;
  });

  test('is taken where the request allows more', async () => {
    const server = await serve(httpServer((_request, response) => response.end(blanks(2))));
    const { body } = await ask(transportWith({ totalTimeoutMs: 9_000 }), server, { maxAnswerBytes: 2 * MB });
    expect(body).toHaveLength(2 * MB);
  });

  test('costs little memory, also six bombs at once', async () => {
    const bomb = gzipSync(blanks(256));
    const server = await serve(rawServer((_n, socket) => socket.write(wire(bomb, { 'Content-Encoding': 'gzip' }))));
    const limits = { maxAnswerBytes: 32 * MB, maxBytesInFlight: 96 * MB };
    const transport = transportWith({ ...limits, idleTimeoutMs: 30_000, totalTimeoutMs: 30_000 });
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 2);
    const before = process.memoryUsage().arrayBuffers;
    const ends = await Promise.allSettled(Array.from({ length: 6 }, () => ask(transport, server)));
    clearInterval(watch);
    expect(ends.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'rejected'));
    expect((most - before) / MB).toBeLessThan(96 + 32 + 32);
  });
});

test('many answers that together are over the bound wait for each other, and all come whole', async () => {
  const server = await serve(
    httpServer((_request, response) => {
      response.writeHead(200);
      let left = 12;
      const timer = setInterval(() => {
        response.write(Buffer.alloc(MB / 16));
        if (--left === 0) {
          clearInterval(timer);
          response.end();
        }
      }, 2);
    }),
  );
  const transport = transportWith({ maxBytesInFlight: MB, totalTimeoutMs: 20_000 });
  const answers = await Promise.all(Array.from({ length: 12 }, () => ask(transport, server)));
  expect(answers.map(({ body }) => body.length)).toEqual(Array.from({ length: 12 }, () => (12 * MB) / 16));
});
