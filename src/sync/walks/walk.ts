import { AshbyError } from '../../ashby/envelope.ts';
import { ConnectorError, type Interrupted } from '../../errors.ts';
import type { Batch, Batches, End } from '../../sources/batch.ts';
import type { Protect } from '../../personal/protection.ts';
import { EVERYTHING, tokenOf, type Place } from '../../sources/place.ts';

/**
 * Whoever lives on a walk: a table, a table inside its rows, the calls for its rows. What one of them throws ends it
 * alone; the others go on.
 */
export interface Taker {
  /** The walk begins. */
  begin(): void;
  /** Resolves when ready for more. */
  take(batch: Batch): Promise<void>;
  /** The walk starts again, over everything or from its token; `why` is for people. */
  restart(start: Place, why: string): void;
  /** The walk came to its end. */
  finish(end: End): void;
  /** The walk cannot come to its end, or this taker threw. */
  fail(thrown: unknown): void;
}

export interface WalkOptions {
  /** Opens the source at a place. */
  open(start: Place): Batches;
  start: Place;
  takers: readonly Taker[];
  /** Sees to personal data in each batch before any taker sees it; undefined where everything is kept. */
  protect: Protect | undefined;
  /** Whether a lost token or cursor begins the walk anew; calls see to their failures themselves. Default true. */
  recovers?: boolean;
}

/**
 * Walks a source once for all its takers. A walk that goes on where an earlier run stopped is followed by one over
 * what changed since it began: rows that were printed by the earlier run may have changed in between, and the token
 * at its end dates from its beginning. Where Ashby refuses the token, the walk starts again over everything; where it
 * refuses the cursor, it starts again from its token; each at most once, so that nothing loops.
 *
 * Never rejects: a failure is told to the takers.
 */
export async function runWalk({ open, start, takers, protect, recovers = true }: WalkOptions): Promise<void> {
  const group = new Group(takers);
  const recovery = new Recovery();
  let position = start;
  let resumed = start.kind === 'walking';
  for (;;) {
    try {
      for await (const arrived of open(position)) {
        const batch = protect ? { ...arrived, rows: protect(arrived.rows) } : arrived;
        const onward = resumed && batch.end !== undefined && batch.end.token !== null;
        await group.take(onward ? { rows: batch.rows, arrivedAtMs: batch.arrivedAtMs, place: batch.place } : batch);
        if (group.isEmpty) return;
        if (batch.end && !onward) return group.finish(batch.end);
        if (batch.place) position = batch.place;
      }
      if (!resumed) return group.fail(new Error('a source ended without saying so'));
      resumed = false;
    } catch (failure) {
      const again = recovers ? recovery.after(failure, position) : { failure };
      if ('failure' in again) return group.fail(again.failure);
      const { why } = again;
      position = again.position;
      if (why === undefined) continue; // asked once more, as it was
      resumed = false;
      group.restart(position, why);
    }
  }
}

/** The takers that are still with it. */
class Group {
  #takers: readonly Taker[];

  constructor(takers: readonly Taker[]) {
    this.#takers = takers;
    this.#each((taker) => taker.begin());
  }

  get isEmpty(): boolean {
    return this.#takers.length === 0;
  }

  async take(batch: Batch): Promise<void> {
    const taking = this.#takers.map((taker) => attempt(taker, () => taker.take(batch)));
    const sound = await Promise.all(taking);
    if (sound.includes(false)) this.#takers = this.#takers.filter((_, index) => sound[index]);
  }

  restart(start: Place, why: string): void {
    this.#each((taker) => taker.restart(start, why));
  }

  finish(end: End): void {
    this.#each((taker) => taker.finish(end));
  }

  fail(thrown: unknown): void {
    for (const taker of this.#takers) taker.fail(thrown);
    this.#takers = [];
  }

  #each(tell: (taker: Taker) => void): void {
    this.#takers = this.#takers.filter((taker) => {
      try {
        tell(taker);
        return true;
      } catch (thrown) {
        taker.fail(thrown);
        return false;
      }
    });
  }
}

/** False where the taker threw, and has been told that it failed. */
async function attempt(taker: Taker, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    taker.fail(thrown);
    return false;
  }
}

type Again = { position: Place; why?: string } | { failure: unknown };

/** Decides how a walk goes on after a refusal. */
class Recovery {
  #tokenDropped = false;
  #cursorDropped = false;
  #askedAgainAt: Place | undefined;

  after(failure: unknown, position: Place): Again {
    if (!(failure instanceof AshbyError)) return { failure };
    const code = failure.code ?? 'no code';
    if (failure.kind === 'bad-request' && position !== this.#askedAgainAt) {
      // A single refusal of a request that was taken before proves nothing about what it carries.
      this.#askedAgainAt = position;
      return { position };
    }
    const kind = this.#kindOf(failure, position);
    if (kind === 'token-lost') {
      if (this.#tokenDropped) return { failure: twice(failure, 'sync token') };
      this.#tokenDropped = true;
      const why = `Ashby no longer accepts the sync token (${code}); everything is read again in this run`;
      return { position: EVERYTHING, why };
    }
    if (kind === 'cursor-lost') {
      if (this.#cursorDropped) return { failure: twice(failure, 'page position') };
      this.#cursorDropped = true;
      const start = withoutCursor(position);
      const from = tokenOf(start) === null && start.kind !== 'journal' ? 'from the beginning' : 'from where it began';
      return {
        position: start,
        why: `Ashby no longer accepts the page position (${code}); the pass starts again ${from}`,
      };
    }
    return { failure };
  }

  /**
   * A request that is refused as malformed (`invalid_input`) where it carries something out of an old state: that is
   * what Ashby did not take. Failing on it would fail every later run in the same way, with the same state.
   */
  #kindOf(failure: AshbyError, position: Place): AshbyError['kind'] {
    if (failure.kind !== 'bad-request') return failure.kind;
    if (hasCursor(position)) return this.#cursorDropped ? failure.kind : 'cursor-lost';
    return tokenOf(position) !== null && !this.#tokenDropped ? 'token-lost' : failure.kind;
  }
}

function hasCursor(place: Place): boolean {
  return place.kind === 'walking' || (place.kind === 'journal' && place.window !== undefined);
}

function withoutCursor(place: Place): Place {
  if (place.kind === 'walking') return place.from === null ? EVERYTHING : { kind: 'changes', token: place.from };
  if (place.kind !== 'journal') return place;
  const { window: _window, ...before } = place;
  return before;
}

function twice(failure: AshbyError, what: string): ConnectorError {
  return new ConnectorError(
    `Ashby refused the ${what} of this table twice in one run (${failure.code ?? 'no code'}), so it was given up. Run the sync again later; if this comes back, tell Ashby's support.`,
    { failureType: 'transient_error', internalMessage: failure.internalMessage, cause: failure },
  );
}

/** Whether what was thrown means that the run was told to stop. */
export function isInterruption(thrown: unknown): thrown is Interrupted {
  return thrown instanceof Error && thrown.name === 'Interrupted';
}
