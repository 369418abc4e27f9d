/** What happens to connections. */

import { entries } from './entry.ts';

export const connectionFaults = entries('connection', { passes: 'once', at: 'any' }, [
  { name: 'refused', does: 'Nobody listens for a moment.', effect: { kind: 'refuse' } },
  { name: 'reset-before', does: 'The connection is reset before the answer.', effect: { kind: 'reset' } },
  {
    name: 'reset-midway',
    does: 'The connection is reset in the middle of the body.',
    effect: { kind: 'resetMidBody' },
  },
  { name: 'no-answer', does: 'No answer ever comes.', effect: { kind: 'hang' }, slow: true },
  { name: 'stalled', does: 'The body stops in its middle and stays open.', effect: { kind: 'stall' }, slow: true },
  {
    name: 'drip',
    does: 'The body comes in 20 pieces with 10 ms between them.',
    effect: { kind: 'drip', pieces: 20, delayMs: 10 },
    passes: 'always',
  },
  { name: 'late', does: 'The answer is half a second late.', effect: { kind: 'slow', delayMs: 500 }, passes: 'always' },
  {
    name: 'sent-twice',
    does: 'The answer comes once more on the same connection, unasked.',
    effect: { kind: 'sentTwice' },
    passes: 'always',
  },
  { name: 'no-http', does: 'What comes is not HTTP.', effect: { kind: 'raw', text: 'SSH-2.0-OpenSSH_9.9\r\n' } },
  { name: 'closed-empty', does: 'The connection is closed without a byte.', effect: { kind: 'raw', text: '' } },
  {
    name: 'headers-only',
    does: 'The connection is closed in the middle of the headers.',
    effect: { kind: 'raw', text: 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-ash' },
  },
  {
    name: 'headers-endless',
    does: 'The headers are larger than any client takes.',
    effect: { kind: 'raw', text: `HTTP/1.1 200 OK\r\nx-filler: ${'x'.repeat(100_000)}\r\ncontent-length: 2\r\n\r\n{}` },
  },
  {
    name: 'two-lengths',
    does: 'The headers give two different lengths.',
    effect: { kind: 'raw', text: 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 40\r\n\r\n{}' },
  },
  {
    name: 'chunks-broken',
    does: 'A chunk of a chunked body has no length.',
    effect: { kind: 'raw', text: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n' },
  },
]);
