import { expect, test } from '@jest/globals';
import { newMeter } from '../ashby/client.ts';
import { duration, progressText } from './progress.ts';
import { Terminal } from './terminal.ts';

const table = (name: string, rows: number, meter: Partial<ReturnType<typeof newMeter>>) => ({
  emitter: { name, rows, meter: { ...newMeter(), ...meter }, how: new Set<string>() },
  lanes: [],
});

test('it counts tables, rows and requests, and the calls that wait by the request limit', () => {
  const tables = [
    table('jobs', 1_000, { requests: 10 }),
    table('application_history', 234, { requests: 100, requestsDue: 3_100 }),
    table('candidate_notes', 0, { requests: 5, requestsDue: 905 }),
  ];
  const statuses = new Map([
    ['jobs', 'COMPLETE'],
    ['candidate_notes', 'INCOMPLETE'], // it failed: its calls will not be made
  ] as const);
  expect(progressText(tables, { elapsedMs: 65_000, requestsPerMinute: 1_000, statuses })).toBe(
    '2 of 3 tables, 1,234 rows, 115 requests, 1 min, at least 3 min left by the request limit',
  );
});

test.each([
  [400, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [3_600_000 * 2 + 60_000 * 5, '2 h 5 min'],
  [3_599_999, '1 h 0 min'],
])('%d ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('a line of progress is cut to the terminal, stays below the lines, and goes away', () => {
  let written = '';
  const terminal = new Terminal({ isTerminal: true, columns: () => 11, write: (text) => (written += text) });
  terminal.progress('0123456789abc');
  terminal.line('a line');
  terminal.progress('');
  expect(written).toBe('\r\u001b[K0123456789' + '\r\u001b[Ka line\n0123456789' + '\r\u001b[K');
});

test('nothing but lines comes where nobody watches', () => {
  let written = '';
  const terminal = new Terminal({ isTerminal: false, columns: () => 80, write: (text) => (written += text) });
  terminal.progress('12 of 54 tables');
  terminal.line('a line');
  expect(written).toBe('a line\n');
});
