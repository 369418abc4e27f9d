/**
 * Who must act on a failure, in the words of Airbyte's protocol (`AirbyteErrorTraceMessage.failure_type`):
 * `config_error` the person who set the connector up, `transient_error` nobody (try again later),
 * `system_error` whoever maintains the connector.
 */
export type FailureType = 'config_error' | 'system_error' | 'transient_error';

export interface ConnectorErrorOptions {
  /** Who must act. */
  failureType: FailureType;
  /** Detail for an engineer: codes, request ids, never candidates' data. */
  internalMessage?: string | undefined;
  cause?: unknown;
}

/**
 * The one family of expected failures. `message` is a sentence for the user: what happened, what to do,
 * and where. Anything thrown that is not a ConnectorError is a defect of this program.
 */
export class ConnectorError extends Error {
  readonly failureType: FailureType;
  readonly internalMessage: string | undefined;

  constructor(message: string, options: ConnectorErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ConnectorError';
    this.failureType = options.failureType;
    this.internalMessage = options.internalMessage;
  }
}

/** The run was told to stop (SIGTERM, or the reader of our output went away): not a failure of any stream. */
export class Interrupted extends Error {
  constructor() {
    super('The run was interrupted.');
    this.name = 'Interrupted';
  }
}

/** Whatever was thrown, as a ConnectorError; unexpected things become a `system_error` that says so. */
export function toConnectorError(thrown: unknown): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  const detail =
    thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : 'a value that is not an error was thrown';
  return new ConnectorError(
    'The connector met a problem that it did not expect. Please report it with the log of this run.',
    { failureType: 'system_error', internalMessage: detail, cause: thrown },
  );
}
