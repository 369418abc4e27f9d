import type { Output } from '../protocol/output.ts';
import type { StreamRun } from './stream-run.ts';

/** One line about a stream that has ended, for people. */
export function reportStream(run: StreamRun, output: Output): void {
  const { requests, retries, waitedForLimitMs, waitedForAshbyMs } = run.meter;
  const shared = requests === 0 && run.pages > 0 ? ' (its list was read together with another table)' : '';
  output.log(
    'INFO',
    `${run.stream.name}: ${count(run.rows, 'row')}, ${count(requests, 'request')}${shared}, ${count(run.pages, 'page')}, ${count(retries, 'retry', 'retries')}; ` +
      `all its requests together waited ${seconds(waitedForLimitMs)} for the request limit and ${seconds(waitedForAshbyMs)} for Ashby; ${[...run.how].join('; ') || 'not started'}.`,
  );
}

/** One line about the whole run. */
export function reportRun(runs: readonly StreamRun[], failed: number, elapsedMs: number, output: Output): void {
  const sum = (of: (run: StreamRun) => number): number => runs.reduce((total, run) => total + of(run), 0);
  output.log(
    'INFO',
    `Read ${count(
      sum((run) => run.rows),
      'row',
    )} of ${count(runs.length, 'table')} with ${count(
      sum((run) => run.meter.requests),
      'request',
    )} in ${seconds(elapsedMs)}; ` +
      `${count(
        sum((run) => run.meter.retries),
        'retry',
        'retries',
      )}; ${failed === 0 ? 'no table failed' : `${count(failed, 'table')} failed`}.`,
  );
}

function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? noun : plural}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
