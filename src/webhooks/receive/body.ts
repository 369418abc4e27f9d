import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../tally.ts';
import type { Intake, Lease } from './intake.ts';

/**
 * Reads a whole body of at most `mostBytes`. The lease counts it until the caller ends it. What comes instead says why
 * there is no body: too large, cut off by its sender or by a time-out, or given up for others.
 */
export function collect(
  request: IncomingMessage,
  intake: Intake,
  mostBytes: number,
): Promise<{ body: Buffer; lease: Lease } | { refusal: Refusal }> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return Promise.resolve({ refusal: 'too-large' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const giveUp = (refusal: Refusal): void => {
      lease.end();
      chunks.length = 0;
      request.off('data', take);
      request.resume();
      resolve({ refusal });
    };
    const lease = intake.begin(() => giveUp('too-busy'));
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > mostBytes) return giveUp('too-large');
      chunks.push(chunk);
      lease.add(chunk.length);
    };
    request.on('data', take);
    request.once('end', () => {
      lease.hold();
      resolve({ body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), lease });
    });
    // Also after an end: by then the promise is settled, and this does nothing.
    request.once('close', () => {
      if (!request.complete) giveUp('cut-off');
    });
    request.once('error', () => giveUp('cut-off'));
  });
}
