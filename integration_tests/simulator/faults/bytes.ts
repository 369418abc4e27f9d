/** Faults in the bytes of an answer that is right otherwise. */

import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import type { FaultEffect } from './effects.ts';

export interface Payload {
  bytes: Buffer;
  headers: Record<string, string | number>;
}

const SPACES = Buffer.alloc(1 << 20, ' ');

const compressors = {
  gzip: (plain: Buffer) => gzipSync(plain, { level: 1 }),
  br: (plain: Buffer) => brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  deflate: (plain: Buffer) => deflateSync(plain, { level: 1 }),
};

/** The body as a fault leaves it, with the headers that describe it. `plain` is the right one. */
export function payloadOf(
  plain: Buffer,
  o: { type: string; gzip: boolean; effect?: FaultEffect | undefined },
): Payload {
  const { effect } = o;
  const headers: Payload['headers'] = { 'content-type': o.type };
  const bytes = o.effect ? altered(plain, o.effect) : plain;
  const done = (body: Buffer, encoding?: string): Payload => ({
    bytes: body,
    headers: { ...headers, ...(encoding ? { 'content-encoding': encoding } : {}), 'content-length': body.length },
  });
  if (effect?.kind === 'contentType') {
    if (effect.value === null) delete headers['content-type'];
    else headers['content-type'] = effect.value;
  }
  if (effect?.kind === 'length') {
    const { bytes: body, headers: right } = done(bytes);
    return { bytes: body, headers: { ...right, 'content-length': body.length + effect.by } };
  }
  if (effect?.kind === 'compressed') {
    const packed = effect.lie ? bytes : compressors[effect.as](bytes);
    return done(effect.cut ? packed.subarray(0, packed.length >> 1) : packed, effect.as);
  }
  if (o.gzip || (effect?.kind === 'padded' && effect.bomb)) return done(compressors.gzip(bytes), 'gzip');
  return done(bytes);
}

function altered(plain: Buffer, effect: FaultEffect): Buffer {
  switch (effect.kind) {
    case 'cut':
      return plain.subarray(0, plain.length >> 1);
    case 'wrap':
      return Buffer.concat([Buffer.from(effect.before ?? ''), plain, Buffer.from(effect.after ?? '')]);
    case 'replace':
      return Buffer.from(effect.body);
    case 'invalidUtf8': {
      // Into a string in the second half that a colon stands before: a value, so that the JSON stays JSON.
      const middle = plain.indexOf(':"', plain.length >> 1);
      const at = (middle >= 0 ? middle : plain.lastIndexOf(':"')) + 2;
      return Buffer.concat([plain.subarray(0, at), Buffer.from([0xff, 0xc3]), plain.subarray(at)]);
    }
    case 'padded': {
      const pieces = [plain.subarray(0, 1)];
      for (let left = effect.bytes; left > 0; left -= SPACES.length)
        pieces.push(SPACES.subarray(0, Math.min(left, SPACES.length)));
      return Buffer.concat([...pieces, plain.subarray(1)]);
    }
    default:
      return plain;
  }
}
