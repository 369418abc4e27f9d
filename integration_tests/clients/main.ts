/** Command: runs the connector through real client programs and says which of them passed, failed or was not run. */

import { availableParallelism } from 'node:os';
import { Environment } from './environment.ts';
import { PARTS, type Part } from './parts.ts';
import { runPart, type Outcome } from './run-part.ts';

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const chosen = PARTS.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word.toLowerCase())),
);
if (process.argv.includes('--list')) {
  process.stdout.write(PARTS.map(({ name }) => `${name}\n`).join(''));
} else if (chosen.length === 0) {
  process.stderr.write(
    `No part is called ${words.join(' or ')}. There are:\n${PARTS.map(({ name }) => `  ${name}\n`).join('')}`,
  );
  process.exitCode = 2;
} else {
  process.exitCode = await main(chosen);
}

async function main(parts: readonly Part[]): Promise<number> {
  const environment = new Environment();
  const started = Date.now();
  environment.prepare(parts);
  const outcomes: Outcome[] = [];
  const waiting = [...parts];
  /** Two at a time at most: the clients are heavy, and each brings a connector and a simulator. */
  const lanes = Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const outcome = await runPart(part, environment);
      outcomes.push(outcome);
      report(outcome);
    }
  });
  await Promise.all(lanes);
  const count = (result: Outcome['result']): number => outcomes.filter((outcome) => outcome.result === result).length;
  say(`\nClients, ${seconds(Date.now() - started)}; what they printed is in ${environment.logs}`);
  say(`${count('passed')} passed, ${count('failed')} failed, ${count('not run')} skipped`);
  return count('failed') > 0 || count('passed') === 0 ? 1 : 0;
}

function report({ part, result, detail, remarks, output, elapsedMs, log }: Outcome): void {
  say(`${result.padEnd(7)}  ${part.name} (${seconds(elapsedMs)})${detail === '' ? '' : `: ${detail}`}`);
  for (const remark of remarks) say(`           ${remark}`);
  if (result === 'failed') say(`--- ${log}, its end:\n${output.split('\n').slice(-250).join('\n')}\n---`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(0)} s`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
