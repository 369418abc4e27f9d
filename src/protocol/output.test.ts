import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { redactor } from '../redact.ts';
import { Output } from './output.ts';
import { LineWriter } from './writer.ts';

const KEY = 'made-up-key-0123456789';

/** What an output prints, parsed. */
async function printed(say: (output: Output) => void): Promise<Record<string, any>[]> {
  const chunks: Buffer[] = [];
  const out = new Writable({ write: (chunk: Buffer, _encoding, done) => (chunks.push(chunk), done()) });
  const writer = new LineWriter(out);
  say(new Output({ writer, redact: redactor([KEY]), now: () => 5, debug: true }));
  await writer.flush();
  const lines = Buffer.concat(chunks).toString().split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as Record<string, any>);
}

const hostile = `\u001b[31m${KEY}\n{"type":"RECORD"}\u202e\u0085`;
const harmless = '\\u001b[31m****\\n{"type":"RECORD"}\\u202e\\u0085';

test('every text of logs, traces and statuses is masked and made visible, by whatever way it comes', async () => {
  const failure = { message: hostile, internalMessage: hostile, stack: hostile, failureType: 'system_error' } as const;
  const messages = await printed((output) => {
    output.log('WARN', hostile);
    output.message({ type: 'LOG', log: { level: 'INFO', message: hostile } });
    output.connectionStatus('FAILED', hostile);
    output.error({ ...failure, stream: 'users' });
  });
  expect(messages).toEqual([
    { type: 'LOG', log: { level: 'WARN', message: harmless } },
    { type: 'LOG', log: { level: 'INFO', message: harmless } },
    { type: 'CONNECTION_STATUS', connectionStatus: { status: 'FAILED', message: harmless } },
    {
      type: 'TRACE',
      trace: {
        type: 'ERROR',
        emitted_at: 5,
        error: {
          message: harmless,
          internal_message: harmless,
          stack_trace: harmless,
          failure_type: 'system_error',
          stream_descriptor: { name: 'users' },
        },
      },
    },
  ]);
});

test('every text is bounded, and a key at the cut leaves no half', async () => {
  const long = `${'x'.repeat(1_990)}${KEY}${'y'.repeat(1_000_000)}`;
  const messages = await printed((output) => {
    output.log('INFO', long);
    output.connectionStatus('FAILED', long);
    output.error({ message: long, internalMessage: long, stack: long, failureType: 'system_error' });
  });
  const texts = [
    messages[0]?.['log'].message,
    messages[1]?.['connectionStatus'].message,
    messages[2]?.['trace'].error.message,
    messages[2]?.['trace'].error.internal_message,
    messages[2]?.['trace'].error.stack_trace,
  ] as string[];
  for (const text of texts) {
    expect(text).toMatch(/^x{1990}\*{4}y+… \(\d+ characters left out\)$/);
    expect(text.length).toBeLessThan(10_100);
  }
  expect(texts.slice(0, 4).every((text) => text.length < 2_100)).toBe(true);
});

test('what people do not read is left as it is', async () => {
  const spec = { connectionSpecification: { description: 'a\nb' } };
  expect(await printed((output) => output.message({ type: 'SPEC', spec }))).toEqual([{ type: 'SPEC', spec }]);
});
