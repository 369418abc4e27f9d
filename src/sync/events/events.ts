import type { Meter } from '../../ashby/client.ts';
import type { InboxPage } from '../../inbox/page.ts';
import type { Batch, Batches } from '../../sources/batch.ts';
import type { Protect } from '../../personal/protection.ts';
import { inboxBatches, type AskInbox } from '../../sources/inbox.ts';
import type { InboxPlace } from '../../sources/place.ts';
import { runWalk, type Taker } from '../walks/walk.ts';

/** What the inbox said when the run began: which one it is and which numbers it has, or why it did not answer. */
export type Look = Pick<InboxPage, 'inbox' | 'oldest' | 'newest'> | { failure: unknown };

/** From which number somebody has to read, and what stands in the way of going on where the last run stopped. */
export interface From {
  /** Behind this number. */
  number: number;
  /** For people: events that cannot be had any more. */
  missed?: string;
}

export interface EventsWorld {
  ask: AskInbox;
  /** Wall-clock milliseconds. */
  now(): number;
  /** What is done to personal data in an event, before anybody sees it. */
  protect?: Protect | undefined;
}

/**
 * The webhook inbox during one run: one walk over its events for all who want them, from the lowest of their numbers.
 * Whoever stands further on is not told what lies before.
 */
export class Events {
  readonly #look: Look;
  readonly #world: EventsWorld;
  readonly #members: { number: number; taker: Taker; meter: Meter | undefined }[] = [];

  constructor(look: Look, world: EventsWorld) {
    this.#look = look;
    this.#world = world;
  }

  /** Where to read from, for somebody who stands at `known`; for a newcomer, behind what was there when the run began. */
  from(known: Pick<InboxPlace, 'inbox' | 'number'> | 'oldest' | 'newest'): From {
    const look = this.#look;
    if ('failure' in look) return { number: 0 };
    if (known === 'oldest') return { number: 0 };
    if (known === 'newest') return { number: look.newest };
    if (known.inbox !== look.inbox) {
      const missed =
        'the webhook inbox is another one than in the state (a new one, or one that was restored): it is read from its oldest event';
      return { number: 0, missed };
    }
    if (known.number > look.newest) {
      const missed = `the webhook inbox was set back: it has given out ${look.newest} numbers, and ${known.number} were read. It is read from its oldest event; after restoring a backup run "webhooks restored"`;
      return { number: 0, missed };
    }
    if (known.number + 1 >= look.oldest) return { number: known.number };
    const missed = `the events ${known.number + 1} to ${look.oldest - 1} were deleted from the webhook inbox before they were read: sync more often, or start the receiver with more --keep-days`;
    return { number: known.number, missed };
  }

  /** Puts somebody on the walk, behind a number that `from` gave. The first who has a meter pays for its requests. */
  join(number: number, taker: Taker, meter?: Meter): void {
    this.#members.push({ number, taker, meter });
  }

  /** Walks. Never rejects: failures are told to those who live on the walk. */
  async run(): Promise<void> {
    if (this.#members.length === 0) return;
    const look = this.#look;
    if ('failure' in look) {
      for (const { taker } of this.#members) taker.fail(look.failure);
      return;
    }
    const { inbox, oldest } = look;
    const number = Math.min(...this.#members.map((member) => member.number));
    const start: InboxPlace = { kind: 'inbox', inbox, number };
    const payer = this.#members.find(({ meter }) => meter)?.meter;
    const ask: AskInbox = (after) => {
      if (payer) payer.requests += 1;
      return this.#world.ask(after);
    };
    const open = (): Batches => inboxBatches({ start, oldest }, { ...this.#world, ask });
    const takers = this.#members.map((member) => behind(member.number, member.taker));
    await runWalk({ open, start, takers, protect: this.#world.protect, recovers: false });
  }
}

/** The taker, told only of events behind the number. */
function behind(number: number, taker: Taker): Taker {
  return {
    begin: () => taker.begin(),
    take: (batch) => taker.take(later(batch, number)),
    restart: (start, why) => taker.restart(start, why),
    finish: (end) => taker.finish(end),
    fail: (thrown) => taker.fail(thrown),
  };
}

function later(batch: Batch, number: number): Batch {
  const { place } = batch;
  const rows = batch.rows.filter(({ value }) => Number(value['number']) > number);
  const reached = place?.kind === 'inbox' && place.number < number ? { ...place, number } : place;
  return { ...batch, rows, place: reached };
}
