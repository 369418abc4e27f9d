import { AshbyError } from '../ashby/envelope.ts';
import { ConnectorError } from '../errors.ts';
import type { PageSource, PassPage } from './lists.ts';
import type { Position } from './state.ts';

/**
 * Whoever lives on a pass: a table, a table embedded in its rows, a child that makes a call for each row. Each keeps
 * its own state. A call resolves when the consumer is ready for more; a consumer that can take nothing more (it has
 * failed) says so by `done` having settled, and is left out from then on.
 */
export interface Consumer {
  page(page: PassPage): Promise<void>;
  /** The pass starts again at `position`; `why` is for the log. */
  restart(position: Position, why: string): Promise<void>;
  /** The list was walked to its end. */
  end(token: string | undefined): Promise<void>;
  /** The list cannot be walked to its end. */
  fail(thrown: unknown): Promise<void>;
  /** Settles when the consumer has finished all that it took in; rejects when it failed. */
  readonly done: Promise<void>;
  readonly finished: boolean;
}

/**
 * Walks a list once for all its consumers. A pass that goes on where an earlier run stopped is followed by one over
 * what changed since it began: rows that were printed by the earlier run may have changed in between, and the token
 * at its end dates from its beginning. Where Ashby refuses the token, the pass starts again over everything;
 * where it refuses the cursor, it starts again from its token; each at most once, so that nothing loops.
 */
export async function runPass(source: PageSource, start: Position, consumers: readonly Consumer[]): Promise<void> {
  const recovery = new Recovery(start);
  let position = start;
  let resumed = start.cursor !== null;
  const each = async (tell: (consumer: Consumer) => Promise<void>): Promise<void> => {
    await Promise.all(consumers.filter((consumer) => !consumer.finished).map(tell));
  };
  for (;;) {
    try {
      for await (const page of source(position)) {
        const onward = resumed && page.token !== undefined ? { from: page.token, cursor: null } : undefined;
        const next = page.next ?? onward;
        await each((consumer) => consumer.page({ ...page, next }));
        page.rows.length = 0; // nobody needs them any more, but suspended generators would hold them till the next page is read
        if (consumers.every((consumer) => consumer.finished)) return;
        if (next === undefined) return await each((consumer) => consumer.end(page.token));
        position = next;
      }
      resumed = false;
    } catch (failure) {
      const again = recovery.after(failure, position);
      if ('failure' in again) return await each((consumer) => consumer.fail(again.failure));
      position = again.position;
      resumed = false;
      await each((consumer) => consumer.restart(again.position, again.why));
    }
  }
}

/** Decides how a pass goes on after a refusal. */
class Recovery {
  readonly #start: Position;
  #tokenDropped = false;
  #cursorDropped = false;

  constructor(start: Position) {
    this.#start = start;
  }

  after(failure: unknown, position: Position): { position: Position; why: string } | { failure: unknown } {
    if (!(failure instanceof AshbyError)) return { failure };
    const code = failure.code ?? 'no code';
    const kind = this.#kindOf(failure, position);
    if (kind === 'token-lost') {
      if (this.#tokenDropped) return { failure: twice(failure, 'sync token') };
      this.#tokenDropped = true;
      const why = `Ashby no longer accepts the sync token (${code}); everything is read again in this run`;
      return { position: { from: null, cursor: null }, why };
    }
    if (kind === 'cursor-lost') {
      if (this.#cursorDropped) return { failure: twice(failure, 'page position') };
      this.#cursorDropped = true;
      const why = `Ashby no longer accepts the page position (${code}); the pass starts again ${position.from === null ? 'from the beginning' : 'from its sync token'}`;
      return { position: { from: position.from, cursor: null }, why };
    }
    return { failure };
  }

  /**
   * A request that is refused as malformed (`invalid_input`) where it carries something out of an old state: that is
   * what Ashby did not take. Failing on it would fail every later run in the same way, with the same state.
   */
  #kindOf(failure: AshbyError, position: Position): AshbyError['kind'] {
    if (failure.kind !== 'bad-request') return failure.kind;
    if (position === this.#start && position.cursor !== null) return 'cursor-lost';
    if (position.cursor === null && position.from !== null && !this.#tokenDropped) return 'token-lost';
    return failure.kind;
  }
}

function twice(failure: AshbyError, what: string): ConnectorError {
  return new ConnectorError(
    `Ashby refused the ${what} of this table twice in one run (${failure.code ?? 'no code'}), so it was given up. Run the sync again later; if this comes back, tell Ashby's support.`,
    { failureType: 'transient_error', internalMessage: failure.internalMessage, cause: failure },
  );
}
