import type { Redact } from '../redact.ts';
import { encodeMessage, recordWriter } from './encode.ts';
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

  /** An encoded line of a state. */
  line(line: string): void {
    this.#options.writer.write(line);
  }

  /** Makes the function that writes the records of a stream. */
  records(stream: string): ReturnType<typeof recordWriter> {
    return recordWriter(stream, this.#options.writer);
  }

  /** Resolves when the reader is ready for more; undefined where it is so already. */
  ready(): Promise<void> | undefined {
    return this.#options.writer.ready();
  }
}
