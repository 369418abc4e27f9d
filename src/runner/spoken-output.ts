import type { ControlMessage } from '../protocol/messages.ts';
import { Output, type OutputOptions } from '../protocol/output.ts';
import type { Terminal } from './terminal.ts';

export interface SpokenOptions extends OutputOptions {
  terminal: Terminal;
  /** Whether lines begin with the time and the level, as operators want them. */
  stamped: boolean;
}

/**
 * What the commands say, as lines for people on standard error, for commands whose standard output is no protocol's.
 */
export class SpokenOutput extends Output {
  readonly #spoken: SpokenOptions;

  constructor(options: SpokenOptions) {
    super(options);
    this.#spoken = options;
  }

  protected override print(message: ControlMessage): void {
    if (message.type === 'LOG') this.#say(message.log.level, message.log.message);
    const { trace } = message.type === 'TRACE' ? message : {};
    // A table's error was said when it happened, as a LOG.
    if (trace?.type === 'ERROR' && !trace.error.stream_descriptor)
      this.#say('ERROR', this.#spoken.stamped ? detailed(trace.error) : trace.error.message);
    if (message.type === 'CONNECTION_STATUS') {
      const { status, message: text = '' } = message.connectionStatus;
      this.#say(status === 'FAILED' ? 'ERROR' : 'INFO', text);
    }
  }

  #say(level: string, text: string): void {
    const { stamped, terminal, now } = this.#spoken;
    if (stamped) terminal.line(`${new Date(now()).toISOString()} ${level.padEnd(5)} ${text}`);
    else if (level !== 'INFO' && level !== 'DEBUG') terminal.line(`${level === 'WARN' ? 'Note: ' : ''}${text}`);
  }
}

/** A defect is told with what helps to find it. */
function detailed({ message, internal_message: detail }: { message: string; internal_message?: string }): string {
  return detail === undefined ? message : `${message} [${detail}]`;
}
