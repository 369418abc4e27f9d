import { setMaxListeners } from 'node:events';
import { keepHeapSmall } from './heap.ts';
import { systemClock } from './http/clock.ts';
import { Output } from './protocol/output.ts';
import { LineWriter } from './protocol/writer.ts';
import { redactor } from './redact.ts';
import { run } from './run.ts';

/** Where the process meets the world: arguments, standard output, signals, exit code. */
keepHeapSmall();

const stop = new AbortController();
setMaxListeners(0, stop.signal); // each request under way listens to it
const writer = new LineWriter(process.stdout);
const secrets: string[] = [];
let signalled: NodeJS.Signals | undefined;

process.stdout.on('error', () => {
  // The reader has gone away (EPIPE): nobody is left to tell. 141 is what a shell shows for that.
  writer.close();
  process.exit(141);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    signalled = signal;
    stop.abort();
    setTimeout(end, 5_000).unref(); // a reader that takes nothing must not keep us
  });
}

/** Ends as the signal would have ended us; process 1 of a container survives its own signals, so a code follows. */
function end(): void {
  const signal = signalled ?? 'SIGTERM';
  setTimeout(() => process.exit(signal === 'SIGINT' ? 130 : 143), 100);
  process.kill(process.pid, signal);
}

const ending = await run({
  argv: process.argv.slice(2),
  environment: process.env,
  print: (text) => writer.write(text),
  world: (debug) => ({
    clock: systemClock,
    random: Math.random,
    signal: stop.signal,
    baseUrlOverride: process.env['ASHBY_BASE_URL'],
    hide: (secret) => void secrets.push(secret),
    output: new Output({
      writer,
      redact: (text) => redactor(secrets)(text),
      now: () => systemClock.now(),
      debug: debug || process.env['LOG_LEVEL']?.toLowerCase() === 'debug',
    }),
  }),
});
await writer.flush();
if (ending === 'interrupted' || signalled) end();
else process.exitCode = ending.exitCode;
