/**
 * What a careful client makes of one answer, for the tests of the catalogue. It says what is wrong, or gives the rows.
 * It shares nothing with the connector: the two must come to the same verdicts on their own.
 */

import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Row, Simulator } from '../index.ts';

const MOST_BYTES = 32_000_000;

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  bytes: Buffer;
}

/** One request on a connection of its own; fails as the connection fails. */
export function ask(sim: Simulator, endpoint: string, body: Row): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${sim.url}/${endpoint}`, {
      method: 'POST',
      agent: false,
      headers: {
        authorization: `Basic ${Buffer.from(`${sim.keys.full}:`).toString('base64')}`,
        'content-type': 'application/json',
        accept: 'application/json; version=1',
      },
    });
    sent.once('error', reject);
    sent.once('upgrade', () => reject(new Error('the server wants another protocol')));
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }),
      );
    });
    sent.end(JSON.stringify(body));
  });
}

const unpackers: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: (bytes) => gunzipSync(bytes, { maxOutputLength: MOST_BYTES }),
  br: (bytes) => brotliDecompressSync(bytes, { maxOutputLength: MOST_BYTES }),
  deflate: (bytes) => inflateSync(bytes, { maxOutputLength: MOST_BYTES }),
};

/** The rows of an answer, or of an `.info` call the one object; throws what is wrong with it. */
export function strictly(answer: RawAnswer, expected: { id?: unknown; paged: boolean; token: boolean }): Row[] {
  const wrong = (what: string): Error => new Error(what);
  if (answer.status !== 200) throw wrong(`status ${answer.status}`);
  const unpack = unpackers[String(answer.headers['content-encoding'])];
  const bytes = unpack ? unpack(answer.bytes) : answer.bytes;
  if (bytes.length > MOST_BYTES) throw wrong('too large');
  const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  if (!isObject(body)) throw wrong('no envelope');
  if (body['success'] !== true) throw wrong('no success');
  for (const field of ['errors', 'errorInfo', 'error']) {
    const value = body[field] ?? [];
    if (!Array.isArray(value) || value.length > 0) throw wrong(`a success with ${field}`);
  }
  const { results } = body;
  const single = expected.id !== undefined;
  if (single ? !isObject(results) : !Array.isArray(results)) throw wrong('results of another kind');
  const rows = (single ? [results] : results) as unknown[];
  for (const row of rows) {
    if (!isObject(row)) throw wrong('a row that is none');
    if (typeof row['id'] !== 'string' || row['id'] === '') throw wrong('a row without id');
    if (single && row['id'] !== expected.id) throw wrong('another object');
  }
  if (expected.paged) checkPaging(body, expected.token);
  return rows as Row[];
}

function checkPaging(body: Row, token: boolean): void {
  const { moreDataAvailable: more, nextCursor, syncToken } = body;
  const text = (value: unknown): boolean => typeof value === 'string' && value !== '';
  if (typeof more !== 'boolean') throw new Error('it does not say whether there is more');
  if (more && !text(nextCursor)) throw new Error('no way to the next page');
  if (!more && token && !text(syncToken)) throw new Error('no sync token');
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
