import { setMaxListeners } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { ConnectorError, Interrupted } from '../errors.ts';
import type { Clock } from '../http/clock.ts';
import type { Output, OutputOptions } from '../protocol/output.ts';
import { replaceFile } from './atomic.ts';
import { FilesOutput } from './files-output.ts';
import { Keeper } from './keeper.ts';
import { Progress } from './progress.ts';
import { RunReport, textOf, type RunStatus, type Watched } from './run-report.ts';
import { StateFile } from './state-file.ts';
import { StateSavingOutput } from './state-saving-output.ts';
import { Terminal, type StandardError } from './terminal.ts';
import { writeFailure } from './write-failure.ts';

/** Standard output, as far as somebody must know where messages end up. */
export interface StandardOutput {
  kind: 'file' | 'terminal' | 'other';
  /** Resolves when all that was written is on the disk; files only. */
  sync(): Promise<void>;
}

/** What the process provides beside the protocol's output. */
export interface Surface {
  standardError: StandardError;
  standardOutput: StandardOutput;
  /** For an output of another kind. */
  outputOptions: OutputOptions;
}

export interface KeepingOptions {
  /** `--out` */
  out: string | undefined;
  /** `--save-state` */
  saveState: string | undefined;
  /** Of the connector. */
  version: string;
  surface: Surface;
  /** The protocol's output, for rows that go to no folder. */
  output: Output;
  clock: Clock;
  signal: AbortSignal;
}

export type Outcome = 'complete' | 'failed' | 'interrupted';

/** A read whose rows or states this process keeps, with progress where somebody watches. */
export class Keeping {
  /** What the read prints to. */
  readonly output: Output;
  readonly #options: KeepingOptions;
  readonly #stop = new AbortController();
  readonly #terminal: Terminal;
  readonly #report: RunReport;
  readonly #files: FilesOutput | undefined;
  readonly #keeper: Keeper;
  #progress: Progress | undefined;
  #lost: { reason: unknown } | undefined;
  #hasFolder = false;

  constructor(options: KeepingOptions) {
    const { out, saveState, version, surface, clock, signal } = options;
    this.#options = options;
    this.#terminal = new Terminal(surface.standardError);
    const earlier = out === undefined ? undefined : textOf(`${out}/run.json`);
    this.#report = new RunReport({ version, now: () => clock.now(), earlier });
    const onState = (stream: string, state: object): void => this.#keeper.take(stream, state);
    const onFailure = (reason: unknown): void => this.#lose(reason);
    const spoken = { ...surface.outputOptions, terminal: this.#terminal, stamped: true };
    this.#files =
      out === undefined
        ? undefined
        : new FilesOutput({ ...spoken, folder: out, report: this.#report, onState, onFailure });
    const messages =
      saveState === undefined ? options.output : new StateSavingOutput({ ...surface.outputOptions, onState });
    this.output = this.#files ?? messages;
    this.#keeper = new Keeper({
      clock,
      settle: (streams) => (this.#files ? this.#files.settle(streams) : surface.standardOutput.sync()),
      stateFile: saveState === undefined ? undefined : new StateFile(saveState),
      afterwards: () => this.#tell('running'),
      onFailure,
    });
    setMaxListeners(0, this.#stop.signal); // each request under way listens to it
    if (signal.aborted) this.#stop.abort();
    signal.addEventListener('abort', () => this.#stop.abort(), { once: true });
  }

  /** Aborted when the run is to stop, also because something cannot be kept. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** To be told the tables under way. */
  onStart(tables: readonly Watched[], requestsPerMinute: number): void {
    const { standardError, standardOutput } = this.#options.surface;
    this.#report.watch(tables);
    // Rows on the same terminal would be torn by it.
    if (!standardError.isTerminal || (!this.#files && standardOutput.kind === 'terminal')) return;
    const { clock } = this.#options;
    this.#progress = new Progress(tables, {
      terminal: this.#terminal,
      clock,
      requestsPerMinute,
      statuses: this.output.statuses,
    });
  }

  /**
   * Runs `read` and keeps what comes of it, to the last save; `known` gives the states that came in, by stream. What is
   * thrown is given to `fail`, which prints it to `output`, so that `run.json` has it too.
   */
  async run(
    { known, read }: { known(): Promise<ReadonlyMap<string, unknown>>; read(): Promise<Outcome> },
    fail: (thrown: unknown) => void,
  ): Promise<Outcome> {
    const attempt = async (work: () => Promise<Outcome>): Promise<Outcome> => {
      try {
        return await work();
      } catch (thrown) {
        if (thrown instanceof Interrupted) return 'interrupted';
        fail(thrown);
        return 'failed';
      }
    };
    let outcome = await attempt(() => this.#begin(known));
    if (outcome === 'complete') {
      outcome = await attempt(read);
      await this.#progress?.end();
      outcome = worse(outcome, await attempt(() => this.#end()));
    }
    return this.#hasFolder ? worse(outcome, await attempt(() => this.#tell(outcome))) : outcome;
  }

  async #begin(known: () => Promise<ReadonlyMap<string, unknown>>): Promise<Outcome> {
    const { out, saveState, surface } = this.#options;
    if (saveState !== undefined && out === undefined && surface.standardOutput.kind !== 'file') {
      throw new ConnectorError(
        '--save-state needs to know that rows have arrived, and what goes into a pipe or to a terminal may not. Add --out DIR, or redirect standard output to a file.',
        { failureType: 'config_error' },
      );
    }
    if (out !== undefined) await makeFolder(out);
    this.#hasFolder = out !== undefined;
    await this.#keeper.begin(await known());
    return 'complete';
  }

  async #end(): Promise<Outcome> {
    if (this.#lost) throw this.#lost.reason;
    await this.#keeper.end();
    await this.#files?.end();
    return 'complete';
  }

  /** Writes `run.json` as things stand. */
  async #tell(status: RunStatus): Promise<Outcome> {
    const { out } = this.#options;
    if (out === undefined) return 'complete';
    try {
      await replaceFile(`${out}/run.json`, this.#report.text(status, this.output.statuses));
    } catch (thrown) {
      throw writeFailure(`The report of the run, ${out}/run.json`, thrown);
    }
    return 'complete';
  }

  #lose(reason: unknown): void {
    this.#lost ??= { reason };
    this.#stop.abort();
  }
}

/** The first that went wrong says how the run ended; what cannot be kept turns a good or interrupted one into a failure. */
function worse(before: Outcome, after: Outcome): Outcome {
  return after === 'failed' || before === 'complete' ? after : before;
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (thrown) {
    throw writeFailure(`The folder of rows (--out, ${path})`, thrown);
  }
}
