import { deferred, type Deferred } from '../async/deferred.ts';
import { ConnectorError } from '../errors.ts';
import { AshbyError } from './envelope.ts';
import { blamesKey, isKnownCode } from './error-table.ts';
import { KEYS_PAGE } from './permissions.ts';

/** At most so many requests go one by one; then nobody waits any more. */
const MOST_ALONE = 3;

/**
 * Finds out whether Ashby takes the key before more than a handful of requests were sent. Where it does not, no request
 * can succeed, and asking for every table would bring as many errors as there are tables, each in other words. So the
 * first request goes alone until it is answered. A real answer proves the key, and everybody goes. A refusal that names
 * the key, or several that could mean it, one after the other, end it: everybody gets one and the same sentence, and
 * nothing more is sent.
 */
export class KeyGuard {
  /** Ashby has let the key in: refusals are about what was asked for. */
  #known = false;
  /** Nobody waits for an answer to somebody else's request any more. */
  #open = false;
  #refused: ConnectorError | undefined;
  /** How many went alone, and whether one of them is under way. */
  #turns = 0;
  #underWay = false;
  readonly #waiting: (() => void)[] = [];
  /** Refused in a way that could be about the key or about the one table; nobody knows yet. */
  readonly #unclear: { failure: AshbyError; told: Deferred<unknown> }[] = [];

  /** `signal` is aborted when the run is to stop: then nobody is kept waiting. */
  constructor(signal?: AbortSignal) {
    signal?.addEventListener('abort', () => this.#openAll(), { once: true });
  }

  /**
   * Resolves when a request may be sent. Throws the `config_error` where the key is known to be refused. Whoever was
   * let through must say how it ended, by `answered` or `verdict`.
   */
  async turn(): Promise<void> {
    if (!this.#open && this.#underWay) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#refused) throw this.#refused;
    if (this.#open) return;
    this.#underWay = true;
    this.#turns += 1;
  }

  /** Ashby answered. */
  answered(): void {
    this.#refused = undefined;
    this.#letIn();
  }

  /** What a failed request is to be told as: itself, or that the key is refused. Waits until that is known. */
  async verdict(failure: unknown): Promise<unknown> {
    if (this.#known || failure === this.#refused) return failure;
    if (!(failure instanceof AshbyError)) {
      this.#openAll(); // the network, or the run was told to stop: no news of the key
      return failure;
    }
    if (failure.kind === 'bad-key') return await this.#badKey(failure);
    if (failure.retry === 'no' && isKnownCode(failure.code)) this.#letIn();
    else if (failure.retry === 'no' || failure.status === undefined) this.#openAll();
    else this.#next();
    return failure;
  }

  #badKey(failure: AshbyError): Promise<unknown> {
    const last = this.#turns >= MOST_ALONE || this.#waiting.length === 0;
    if (this.#open || last || isSurelyBadKey(failure)) return Promise.resolve(this.#refuse(failure));
    const told = deferred<unknown>();
    this.#unclear.push({ failure, told });
    this.#next();
    return told.promise;
  }

  #refuse(failure: AshbyError): ConnectorError {
    const refused = (this.#refused ??= refusedKey(failure));
    for (const { told } of this.#unclear.splice(0)) told.resolve(refused);
    this.#openAll();
    return refused;
  }

  #letIn(): void {
    this.#known = true;
    this.#openAll();
  }

  /** The one that went alone brought no news: the next one's turn, if there are not too many already. */
  #next(): void {
    if (this.#open) return;
    if (this.#turns >= MOST_ALONE) return this.#openAll();
    const next = this.#waiting.shift();
    if (next) next();
    else this.#underWay = false;
  }

  #openAll(): void {
    this.#open = true;
    for (const { failure, told } of this.#unclear.splice(0)) told.resolve(failure);
    for (const go of this.#waiting.splice(0)) go();
  }
}

/** A refusal that names the key or its account. Status 403 without such a code may mean a permission all the same. */
export function isSurelyBadKey({ kind, status, code }: AshbyError): boolean {
  return kind === 'bad-key' && (status === 401 || blamesKey(code));
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
