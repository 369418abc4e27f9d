import type { Redact } from '../redact.ts';
import type { FailureType } from '../errors.ts';
import { encodeMessage, encodeState, recordWriter } from './encode.ts';
import {
  errorTrace,
  logMessage,
  statusTrace,
  withTexts,
  type ControlMessage,
  type ErrorTraceOptions,
  type LogLevel,
  type StreamStatus,
} from './messages.ts';
import { plainText } from './plain-text.ts';
import type { LineWriter } from './writer.ts';

/** Longer sentences are cut: nobody reads them, and a server could fill a disk with its answers. */
const LONGEST_TEXT = 2_000;
const LONGEST_STACK = 10_000;

export interface OutputOptions {
  writer: LineWriter;
  redact: Redact;
  /** Wall-clock milliseconds. */
  now(): number;
  /** Whether DEBUG lines are printed. */
  debug: boolean;
}

/**
 * What the commands say, as Airbyte messages. Every text for people is masked, made visible and bounded on its way
 * out, in one place; records and states are handed over as encoded lines and leave as they are.
 */
export class Output {
  /** Who has to act on the failures that were told. */
  readonly failures = new Set<FailureType>();
  /** The last status of each stream. */
  readonly statuses = new Map<string, StreamStatus>();
  readonly #options: OutputOptions;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  log(level: LogLevel, message: string): void {
    if (level === 'DEBUG' && !this.#options.debug) return;
    this.message(logMessage(level, message));
  }

  status(stream: string, status: StreamStatus, quotaReset?: number): void {
    this.statuses.set(stream, status);
    this.message(statusTrace(stream, status, this.#options.now(), quotaReset));
  }

  error(options: Omit<ErrorTraceOptions, 'emittedAt'>): void {
    this.failures.add(options.failureType);
    this.message(errorTrace({ ...options, emittedAt: this.#options.now() }));
  }

  connectionStatus(status: 'SUCCEEDED' | 'FAILED', message: string): void {
    if (status === 'FAILED') this.failures.add('config_error');
    this.message({ type: 'CONNECTION_STATUS', connectionStatus: { status, message } });
  }

  /** Prints a message; its texts for people are made safe, whatever they hold. */
  message(message: ControlMessage): void {
    const { redact } = this.#options;
    // Masked first: a key that is cut or written with escapes would not be found.
    const safe = withTexts(message, (text, kind) =>
      plainText(redact(text), kind === 'stack' ? LONGEST_STACK : LONGEST_TEXT),
    );
    this.print(safe);
  }

  /** The state of a stream, behind `recordCount` of its records since its last one. */
  state(stream: string, state: object, recordCount: number): void {
    this.#options.writer.line(encodeState(stream, state, recordCount));
  }

  /** Makes the function that writes the records of a stream. */
  records(stream: string): ReturnType<typeof recordWriter> {
    return recordWriter(stream, this.#options.writer);
  }

  /** Resolves when the reader is ready for more; undefined where it is so already. */
  ready(): Promise<void> | undefined {
    return this.#options.writer.ready();
  }

  /** Puts out a message whose texts are safe. */
  protected print(message: ControlMessage): void {
    this.#options.writer.line(encodeMessage(message));
  }
}
