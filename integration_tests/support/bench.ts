/** A simulator, a folder for files, and both ways to run the connector against it. */

import { setMaxListeners } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { startSimulator, type Simulator } from '../simulator/index.ts';
import type { Clock } from '../../src/http/clock.ts';
import { Output } from '../../src/protocol/output.ts';
import { LineWriter } from '../../src/protocol/writer.ts';
import { redactor } from '../../src/redact.ts';
import { run, type Ending, type RunWorld } from '../../src/run.ts';
import { read } from '../../src/source.ts';
import { lookForLeaks, watchFor } from './leaks.ts';
import { catalogOf, type Mode } from './catalog.ts';
import { runConnector, type Ended, type RunOptions } from './process.ts';
import { Transcript, type StateMessage } from './transcript.ts';

export type SimulatorSettings = NonNullable<Parameters<typeof startSimulator>[0]>;

export interface ReadRequest {
  streams: readonly string[];
  mode?: Mode;
  state?: readonly StateMessage[] | unknown;
  /** Added to the configuration. */
  config?: Record<string, unknown>;
  catalog?: unknown;
}

/** What may be different about a read inside this process. */
export interface Surroundings {
  /** Ends the read as a signal would. */
  stop?: AbortSignal;
  /** Default: a hurried one. Runs that follow each other need one clock, or time would go back between them. */
  clock?: Clock;
  /** Called for each line as it is printed; the first is number 1. */
  onLine?(line: string, number: number): void;
}

/** A read inside this process: fast, and its clock does not wait. */
export interface Read {
  outcome: 'complete' | 'failed' | 'interrupted';
  out: Transcript;
}

export class Bench {
  readonly sim: Simulator;
  readonly folder: string;
  #files = 0;

  private constructor(sim: Simulator, folder: string) {
    this.sim = sim;
    this.folder = folder;
  }

  static async start(settings: SimulatorSettings = {}): Promise<Bench> {
    const sim = await startSimulator(settings);
    watchFor(sim.keys.full);
    return new Bench(sim, await mkdtemp(join(tmpdir(), 'source-ashby-')));
  }

  async stop(): Promise<void> {
    await this.sim.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get config(): Record<string, unknown> {
    return { api_key: this.sim.keys.full, requests_per_minute: 1_000_000 };
  }

  get env(): Record<string, string> {
    return { ASHBY_BASE_URL: this.sim.url };
  }

  /** Writes a file and returns its path. Strings are written as they are, the rest as JSON. */
  async file(content: unknown): Promise<string> {
    const path = join(this.folder, `${++this.#files}.json`);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  /** Runs `check`, `discover` or any other command as a process. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return runConnector(args, { ...options, env: { ...this.env, ...options.env } });
  }

  /** Runs a command that takes a configuration. */
  async command(name: 'check' | 'discover', config: unknown = this.config, options: RunOptions = {}): Promise<Ended> {
    return this.run([name, '--config', await this.file(config)], options);
  }

  async readArguments(request: ReadRequest): Promise<string[]> {
    const { streams, mode, state, config, catalog } = request;
    const args = ['read', '--config', await this.file({ ...this.config, ...config })];
    args.push('--catalog', await this.file(catalog ?? catalogOf(streams, mode)));
    if (state !== undefined) args.push('--state', await this.file(state));
    return args;
  }

  /** Reads in a process of its own. */
  async read(request: ReadRequest, options: RunOptions = {}): Promise<Ended> {
    return this.run(await this.readArguments(request), options);
  }

  /** Reads inside this process. Waits (retries, pauses) pass at once. */
  async readHere(request: ReadRequest, surroundings: Surroundings = {}): Promise<Read> {
    const { streams, mode, state, config, catalog } = request;
    const input = { config: { ...this.config, ...config }, catalog: catalog ?? catalogOf(streams, mode), state };
    const { ended, out } = await this.#inside((world) => read(input, world), surroundings);
    return { outcome: ended, out };
  }

  /** Runs any command inside this process, as `bin/source-ashby` would. */
  async commandHere(args: readonly string[]): Promise<{ ending: Ending; out: Transcript }> {
    const { ended, out } = await this.#inside((world) =>
      run({ argv: args, world: () => world, print: () => undefined }),
    );
    return { ending: ended, out };
  }

  async #inside<T>(
    work: (world: RunWorld) => Promise<T>,
    { stop, clock = hurriedClock(), onLine }: Surroundings = {},
  ): Promise<{ ended: T; out: Transcript }> {
    const sink = new PassThrough();
    const chunks: string[] = [];
    sink.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
    if (onLine) eachLine(sink, onLine);
    const writer = new LineWriter(sink);
    const secrets: string[] = [];
    const signal = stop ?? new AbortController().signal;
    setMaxListeners(0, signal);
    const atEnd: (() => void)[] = [];
    const outputOptions = {
      writer,
      redact: (text: string) => redactor(secrets)(text),
      now: () => clock.now(),
      debug: false,
    };
    const ended = await work({
      clock,
      random: () => 0.5,
      signal,
      baseUrlOverride: this.sim.url,
      environment: {},
      onEnd: (action) => void atEnd.push(action),
      hide: (secret) => void secrets.push(secret),
      output: new Output(outputOptions),
      surface: {
        outputOptions,
        standardOutput: { kind: 'other', sync: () => Promise.resolve() },
        standardError: { isTerminal: false, columns: () => 80, write: () => undefined },
      },
    });
    for (const action of atEnd) action();
    await writer.flush();
    sink.end();
    await new Promise((resolve) => sink.once('end', resolve));
    const text = chunks.join('');
    lookForLeaks(text, 'a run inside this process');
    return { ended, out: Transcript.of(text) };
  }
}

function eachLine(stream: PassThrough, onLine: NonNullable<Surroundings['onLine']>): void {
  let unread = '';
  let number = 0;
  stream.on('data', (text: string) => {
    const lines = (unread + text).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) onLine(line, ++number);
  });
}

/** A clock on which every wait is over at once, and time has moved on by as much. */
export function hurriedClock(): Clock {
  let skippedMs = 0;
  return {
    now: () => Date.now() + skippedMs,
    elapsed: () => performance.now() + skippedMs,
    sleep: async (ms) => {
      if (ms > 50) skippedMs += ms;
      else await new Promise((resolve) => setTimeout(resolve, ms));
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
