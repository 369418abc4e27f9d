import { Writable } from 'node:stream';
import type { Clock } from '../http/clock.ts';
import { Output } from '../protocol/output.ts';
import { LineWriter } from '../protocol/writer.ts';

/** A message as it was printed: as much of it as tests look at. */
export interface Printed {
  type: string;
  record?: { stream: string; data: Record<string, unknown> };
  log?: { level: string; message: string };
  trace?: {
    type: string;
    stream_status?: { stream_descriptor: { name: string }; status: string };
    error?: { message: string; failure_type: string; stream_descriptor?: { name: string } };
  };
  state?: { stream: { stream_descriptor: { name: string }; stream_state: Record<string, unknown> } };
}

/** An output whose lines are kept, and what can be asked about them. */
export function fakeOutput(clock: Pick<Clock, 'now'>) {
  const chunks: Buffer[] = [];
  const sink = new Writable({ write: (chunk: Buffer, _, done) => (chunks.push(Buffer.from(chunk)), done()) });
  const writer = new LineWriter(sink);
  const output = new Output({ writer, redact: (text) => text, now: () => clock.now(), debug: false });
  const printed = async (): Promise<Printed[]> => {
    await writer.flush();
    const lines = Buffer.concat(chunks).toString().split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Printed); // lines of this output are messages
  };
  /** The last status of each stream. */
  const endings = async (): Promise<Record<string, string>> => {
    const statuses = (await printed()).flatMap(({ trace }) => trace?.stream_status ?? []);
    return Object.fromEntries(statuses.map((one) => [one.stream_descriptor.name, one.status]));
  };
  const logs = async (level: string): Promise<string[]> =>
    (await printed()).flatMap(({ log }) => (log?.level === level ? [log.message] : []));
  const errors = async () => (await printed()).flatMap(({ trace }) => trace?.error ?? []);
  return { output, printed, endings, logs, errors };
}
