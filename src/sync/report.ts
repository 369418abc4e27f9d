import type { Output } from '../protocol/output.ts';
import type { Emitter } from './emit.ts';

/** One line about a stream that has ended, for people. */
export function reportStream(emitter: Emitter, output: Output): void {
  const { requests, retries, waitedForLimitMs, waitedForAshbyMs } = emitter.meter;
  const shared = requests === 0 && emitter.batches > 0 ? ' (its list was read together with another table)' : '';
  output.log(
    'INFO',
    `${emitter.name}: ${count(emitter.rows, 'row')}, ${count(requests, 'request')}${shared}, ${count(emitter.batches, 'page')}, ${count(retries, 'retry', 'retries')}; ` +
      `all its requests together waited ${seconds(waitedForLimitMs)} for the request limit and ${seconds(waitedForAshbyMs)} for Ashby; ${[...emitter.how].join('; ') || 'not started'}.`,
  );
}

/** One line about the whole run. */
export function reportRun(
  { emitters, failed, elapsedMs }: { emitters: readonly Emitter[]; failed: number; elapsedMs: number },
  output: Output,
): void {
  const sum = (of: (emitter: Emitter) => number): number => emitters.reduce((total, emitter) => total + of(emitter), 0);
  const rows = count(
    sum(({ rows }) => rows),
    'row',
  );
  const requests = count(
    sum(({ meter }) => meter.requests),
    'request',
  );
  const retries = count(
    sum(({ meter }) => meter.retries),
    'retry',
    'retries',
  );
  const ending = failed === 0 ? 'no table failed' : `${count(failed, 'table')} failed`;
  const tables = count(emitters.length, 'table');
  output.log('INFO', `Read ${rows} of ${tables} with ${requests} in ${seconds(elapsedMs)}; ${retries}; ${ending}.`);
}

function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? noun : plural}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
