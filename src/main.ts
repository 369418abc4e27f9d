import { setMaxListeners } from 'node:events';
import { fsync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { toConnectorError } from './errors.ts';
import { systemClock } from './http/clock.ts';
import { Output, type OutputOptions } from './protocol/output.ts';
import { LineWriter } from './protocol/writer.ts';
import { proxySecrets, redactor } from './redact.ts';
import { printFailure, run } from './run.ts';
import { kindOfOutput, openStandardOutput, outputFailure } from './standard-output.ts';

/** Where the process meets the world: arguments, standard output, signals, exit code. */

const stop = new AbortController();
setMaxListeners(0, stop.signal); // each request under way listens to it
const out = openStandardOutput(() => process.stdout);
const writer = new LineWriter(out);
const secrets = proxySecrets(process.env);
const redact = redactor(secrets);
const atEnd: (() => void)[] = [];
let output = makeOutput(false);
let signalled: NodeJS.Signals | undefined;

function makeOutput(debug: boolean): Output {
  return new Output(outputOptions(debug));
}

function outputOptions(debug: boolean): OutputOptions {
  const isDebug = debug || process.env['LOG_LEVEL']?.toLowerCase() === 'debug';
  return { writer, redact, now: () => systemClock.now(), debug: isDebug };
}

out.on('error', (error) => {
  writer.close();
  const { exitCode, sentence } = outputFailure(error);
  if (sentence !== undefined) toStandardError(sentence);
  process.exit(exitCode);
});

let defective = false;
/** A defect that nobody caught: said as the protocol wants it, behind what was printed before. */
function failFor(thrown: unknown): void {
  if (defective) return; // what follows from the first would only repeat it
  defective = true;
  printFailure(toConnectorError(thrown), output);
  void end(1);
}
process.on('uncaughtException', failFor);
process.on('unhandledRejection', failFor);
process.on('beforeExit', () => failFor(new Error('nothing is left that the command could be waiting for')));

// Node prints its warnings (certificates that it cannot load, for one) on standard error, which platforms take for errors.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => output.log('WARN', `Node.js: ${name}: ${message}`));

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  // A second signal changes nothing: by its default action it would cut the line that is being written.
  process.on(signal, () => {
    if (signalled) return;
    signalled = signal;
    stop.abort();
    setTimeout(() => endBy(signal), 5_000).unref(); // a reader that takes nothing must not keep us
  });
}

/** Ends with a code once the system has taken every line, whatever connections and timers are still there. */
async function end(exitCode: number): Promise<void> {
  await writer.flush();
  if (signalled) endBy(signalled);
  else process.exit(exitCode);
}

/** Ends as the signal would have ended us; process 1 of a container survives its own signals, so a code follows. */
function endBy(signal: NodeJS.Signals): void {
  setTimeout(() => process.exit(signal === 'SIGINT' ? 130 : 143), 100);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function toStandardError(sentence: string): void {
  try {
    writeSync(2, sentence);
  } catch {
    // Nowhere is left to say it; the exit code does.
  }
}

const ending = await run({
  argv: process.argv.slice(2),
  environment: process.env,
  print: (text) => writer.line(text.trimEnd()),
  unverifiedTls: process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0',
  world: (debug) => ({
    clock: systemClock,
    random: Math.random,
    signal: stop.signal,
    baseUrlOverride: process.env['ASHBY_BASE_URL'],
    environment: process.env,
    onEnd: (action) => void atEnd.push(action),
    hide: (secret) => void secrets.push(secret),
    output: (output = makeOutput(debug)),
    surface: {
      outputOptions: outputOptions(debug),
      standardOutput: { kind: kindOfOutput(), sync: () => writer.flush().then(() => promisify(fsync)(1)) },
      standardError: { isTerminal: isatty(2), columns: () => process.stderr.columns || 80, write: toStandardError },
    },
  }),
});
for (const action of atEnd) action();
if (ending === 'interrupted') signalled ??= 'SIGTERM';
if (!defective) await end(ending === 'interrupted' ? 1 : ending.exitCode);
