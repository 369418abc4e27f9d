import type { Redact } from '../redact.ts';
import { encodeMessage } from './encode.ts';
import {
  errorTrace,
  logMessage,
  statusTrace,
  type ControlMessage,
  type ErrorTraceOptions,
  type LogLevel,
  type StreamStatus,
} from './messages.ts';
import type { LineWriter } from './writer.ts';

export interface OutputOptions {
  writer: LineWriter;
  redact: Redact;
  /** Wall-clock milliseconds. */
  now(): number;
  /** Whether DEBUG lines are printed. */
  debug: boolean;
}

/**
 * What the commands say, as Airbyte messages. Sentences are masked on their way out; records and states are handed
 * over as encoded lines and leave as they are.
 */
export class Output {
  readonly #options: OutputOptions;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  log(level: LogLevel, message: string): void {
    if (level === 'DEBUG' && !this.#options.debug) return;
    this.message(logMessage(level, this.#options.redact(message)));
  }

  status(stream: string, status: StreamStatus, quotaReset?: number): void {
    this.message(statusTrace(stream, status, this.#options.now(), quotaReset));
  }

  error(options: Omit<ErrorTraceOptions, 'emittedAt'>): void {
    const { redact, now } = this.#options;
    const mask = (text: string | undefined): string | undefined => (text === undefined ? undefined : redact(text));
    this.message(
      errorTrace({
        ...options,
        message: redact(options.message),
        internalMessage: mask(options.internalMessage),
        stack: mask(options.stack),
        emittedAt: now(),
      }),
    );
  }

  /** A message whose texts are already safe. */
  message(message: ControlMessage): void {
    this.#options.writer.write(encodeMessage(message));
  }

  connectionStatus(status: 'SUCCEEDED' | 'FAILED', message: string): void {
    this.message({ type: 'CONNECTION_STATUS', connectionStatus: { status, message: this.#options.redact(message) } });
  }

  /** An encoded line of a record or a state, whole or in parts. */
  line(...parts: readonly string[]): void {
    this.#options.writer.write(...parts);
  }

  /** Resolves when the reader is ready for more; undefined where it is so already. */
  ready(): Promise<void> | undefined {
    return this.#options.writer.ready();
  }
}
