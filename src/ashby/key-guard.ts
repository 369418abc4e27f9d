import { ConnectorError } from '../errors.ts';
import { AshbyError } from './envelope.ts';
import { KEYS_PAGE } from './permissions.ts';

/**
 * Notices that the key is refused while nothing has been answered yet. Then no request can succeed: asking for every
 * table would bring as many errors as there are tables, each in other words. Instead everybody gets one and the same
 * sentence, and nothing more is sent. One real answer proves the key, whatever was refused before it.
 */
export class KeyGuard {
  #proven = false;
  #refused: ConnectorError | undefined;

  /** Ashby answered. */
  answered(): void {
    this.#proven = true;
    this.#refused = undefined;
  }

  /** What a failed request is to be told as: itself, or that the key is refused. */
  verdict(failure: unknown): unknown {
    if (this.#proven || !(failure instanceof AshbyError) || failure.kind !== 'bad-key') return failure;
    return (this.#refused ??= refusedKey(failure));
  }

  /** Throws the `config_error` where the key is known to be refused. */
  check(): void {
    if (this.#refused) throw this.#refused;
  }
}

function refusedKey(failure: AshbyError): ConnectorError {
  const { status, code, internalMessage } = failure;
  const said = code === undefined ? `status ${status ?? 'none'}` : `${code}, status ${status ?? 'none'}`;
  return new ConnectorError(
    `Ashby refuses the API key (${said}), so no table can be read: the key is wrong or deactivated, or its account is not in use. ` +
      `Make a key ${KEYS_PAGE} and paste it again, whole and without quotes or spaces.`,
    { failureType: 'config_error', internalMessage, cause: failure },
  );
}
