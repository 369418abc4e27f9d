import type { ArrivedList, AshbyClient, AshbyRequest, Meter } from '../ashby/client.ts';
import { AshbyError } from '../ashby/envelope.ts';
import type { Body, Endpoint } from '../tables/definition.ts';

/** What a source needs to ask Ashby. */
export interface SourceWorld {
  client: AshbyClient;
  meter: Meter;
  /** Wall-clock milliseconds. */
  now(): number;
  warn(message: string): void;
}

/** So many times the same request has to be refused for one of its new keys before it is sent without it. */
const REFUSALS_BELIEVED = 2;

/**
 * Some keys are newer than the Ashby that may answer: where it refuses one by name (`invalid_input`), twice, it is
 * asked without that key, and a warning says what will be missing.
 */
export class NewKeys {
  readonly #endpoint: Endpoint;
  readonly #warn: (message: string) => void;
  readonly #left = new Set<string>();

  constructor(endpoint: Endpoint, warn: (message: string) => void) {
    this.#endpoint = endpoint;
    this.#warn = warn;
  }

  /** Whether something is left out at present. What was asked in such a shortened form is not to be remembered as done. */
  get shortened(): boolean {
    return this.#left.size > 0;
  }

  /** Calls `ask` with the body, and again as long as a key is refused that may be left out. */
  async run<T>(body: Body, ask: (body: Body) => Promise<T>): Promise<T> {
    for (let refused = 0; ;) {
      const sent = Object.fromEntries(Object.entries(body).filter(([key]) => !this.#left.has(key)));
      try {
        return await ask(sent);
      } catch (failure) {
        const key = this.#refusedKey(failure, sent);
        if (key === undefined) throw failure;
        refused += 1;
        if (refused < REFUSALS_BELIEVED) continue;
        refused = 0;
        this.#leaveOut(key);
      }
    }
  }

  #refusedKey(failure: unknown, sent: Body): string | undefined {
    if (!(failure instanceof AshbyError) || failure.kind !== 'bad-request') return undefined;
    return this.#endpoint.newKeys?.find((key) => key in sent && failure.detail.includes(key));
  }

  #leaveOut(key: string): void {
    this.#left.add(key);
    this.#warn(
      `Ashby does not know "${key}" of ${this.#endpoint.endpoint} yet: rows that it would bring (archived or unpublished ones) are missing.`,
    );
  }
}

/** What is left of a page's size where an answer was over the cap, until it is one row. */
const SMALLER = 4;

/**
 * Asks with a body whose page is made smaller as long as the answer is over the cap: fewer rows may fit where a
 * hundred do not. What is too large with one row in it is told as such.
 */
export async function withSmallerPages<T>(body: Body, ask: (body: Body) => Promise<T>): Promise<T> {
  for (let sent = body; ;) {
    try {
      return await ask(sent);
    } catch (failure) {
      const { limit } = sent;
      const mayShrink = failure instanceof AshbyError && failure.kind === 'too-large' && typeof limit === 'number';
      if (!mayShrink || limit <= 1) throw failure;
      sent = { ...sent, limit: Math.ceil(limit / SMALLER) };
    }
  }
}

/** A page of a list, asked for at once and read later, for `paginate`. */
export type AskPage = (
  cursor: string | undefined,
  check: NonNullable<AshbyRequest['check']>,
) => () => Promise<ArrivedList>;

export interface ListQuestion {
  request: Omit<AshbyRequest, 'body' | 'check'>;
  /** Everything that is sent but the cursor. */
  body: Body;
  newKeys: NewKeys;
  /** Whether a row is what it must be; returns why not. */
  check: NonNullable<AshbyRequest['check']>;
}

/** Makes the function that asks for one page of a list. */
export function pagesOf(question: ListQuestion, { client, meter }: SourceWorld): AskPage {
  const { request, body, newKeys, check } = question;
  return (cursor, checkPaging) => {
    const start = (known: Body): (() => Promise<ArrivedList>) =>
      client.startList(
        {
          ...request,
          body: cursor === undefined ? known : { ...known, cursor },
          check: (answer) => check(answer) ?? checkPaging(answer),
        },
        meter,
      );
    // A shortened form is only begun with on the first page: a cursor belongs to the form that it came with.
    let ahead: (() => Promise<ArrivedList>) | undefined = newKeys.shortened ? undefined : start(body);
    return () =>
      newKeys.run(body, (known) => {
        const first = ahead;
        ahead = undefined;
        return withSmallerPages(known, (smaller) => (first && smaller === known ? first : start(smaller))());
      });
  };
}
