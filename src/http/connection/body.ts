import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { AnswerTooLarge, NetworkError } from '../network-error.ts';
import type { AnswerRoom } from './room.ts';

/** The forms that a body may be packed in, for the header Accept-Encoding. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

export interface BodyLimits {
  /** The largest body, unpacked, that is taken in. */
  maxBytes: number;
  /** How long the other side may be silent. */
  idleTimeoutMs: number;
  room: AnswerRoom;
  signal: AbortSignal;
}

/**
 * Reads a body to its end and unpacks it, counting while it unpacks. Throws AnswerTooLarge as soon as it is too large,
 * and an error with a `code` where it does not come whole or cannot be unpacked. The connection of a body that was not
 * read to its end is closed.
 */
export async function readBody(answer: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const { maxBytes, idleTimeoutMs, room, signal } = limits;
  const encoding = (answer.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const announced = encoding === 'identity' ? Number(answer.headers['content-length'] ?? 0) : 0;
  const seat = room.enter();
  const silent = (): void => {
    answer.destroy(new NetworkError('ETIMEDOUT', `the answer stood still for ${idleTimeoutMs / 1000} s`));
  };
  const stop = (): void => {
    seat.leave();
    answer.destroy();
  };
  signal.addEventListener('abort', stop, { once: true });
  let timer = setTimeout(silent, idleTimeoutMs);
  try {
    if (announced > maxBytes) throw new AnswerTooLarge(maxBytes);
    const chunks: Buffer[] = [];
    for await (const chunk of await unpack(answer, encoding, signal)) {
      chunks.push(chunk as Buffer); // streams of bytes without an encoding yield buffers
      const wait = seat.take((chunk as Buffer).length);
      if (seat.bytes > maxBytes) throw new AnswerTooLarge(maxBytes);
      timer.refresh();
      if (!wait) continue;
      clearTimeout(timer); // it is we who make it stand still
      await wait;
      timer = setTimeout(silent, idleTimeoutMs);
      if (signal.aborted) throw new NetworkError('ECONNABORTED', 'the request was given up');
    }
    if (!answer.complete) throw new NetworkError('ECONNRESET', 'the answer broke off');
    return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  } catch (failure) {
    answer.destroy();
    throw failure;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    seat.leave();
  }
}

async function unpack(answer: IncomingMessage, encoding: string, signal: AbortSignal): Promise<Readable> {
  if (encoding === 'identity' || encoding === '') return answer;
  const first = await firstByte(answer, signal);
  if (first === undefined) return answer; // an empty body is not packed, whatever its header says
  // The way back to an error is the reading of the unpacked stream.
  return pipeline(answer, unpackerOf(encoding, first), () => undefined);
}

function unpackerOf(encoding: string, first: number): Transform {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'br') return createBrotliDecompress();
  // By the book deflate has a header (RFC 9110, section 8.4.1.2); some servers leave it out.
  if (encoding === 'deflate') return (first & 0x0f) === 0x08 ? createInflate() : createInflateRaw();
  throw new NetworkError('EENCODING', 'the answer is packed in a form that was not asked for');
}

/** The first byte of a body, which stays in it; undefined where the body is empty. */
async function firstByte(answer: IncomingMessage, signal: AbortSignal): Promise<number | undefined> {
  await Promise.race([once(answer, 'readable', { signal }), once(answer, 'end', { signal })]);
  const chunk = answer.read() as Buffer | null; // no encoding is set
  if (chunk === null) return undefined;
  answer.unshift(chunk);
  return chunk[0];
}
