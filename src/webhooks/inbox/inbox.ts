/** A delivery that is to be kept. */
export interface Arrival {
  /** Ashby's `webhookActionId`: the same in every repetition of one event. Not every payload has one. */
  id: string | undefined;
  action: string;
  /** Wall-clock milliseconds. Ashby tells no time of the event itself. */
  receivedAtMs: number;
  /** One JSON object in UTF-8: the envelope as it came, or what the personal-data preset left of it. */
  body: Buffer;
}

/** A kept event. Numbers only grow; there are gaps where an event took a new number or was erased. */
export interface KeptEvent extends Arrival {
  number: number;
}

/** What became of an arrival: it is kept, was there already, or took the place (and a new number) of an older body. */
export type Fate = 'new' | 'repeated' | 'changed';

export interface Page {
  /** The identity of the inbox: numbers of another identity mean nothing here. */
  inbox: string;
  events: KeptEvent[];
  /** The number to ask behind next time. */
  next: number;
  /** Every event from this number on is still here, but for what was erased or took a new number. */
  oldest: number;
  /** The last number that was given out; a reader that stands beyond it looks at an inbox that was set back. */
  newest: number;
  /** The number of the last event that is here, 0 where there is none: behind it a reader has everything. */
  last: number;
}

export interface InboxFacts {
  inbox: string;
  oldest: number;
  newest: number;
  /** The highest number that a reader has asked behind; undefined before the first time. */
  askedBehind: number | undefined;
  /** How many events lie behind that number, or altogether. */
  backlog: number;
  /** What the store takes up, and what its disk has left; undefined where that cannot be known from here. */
  bytes: number;
  freeBytes: number | undefined;
}

/** A webhook that was made by `webhooks register`. Ashby lists none, so whoever makes one must remember it. */
export interface Subscription {
  type: string;
  webhookId: string;
}

/**
 * Where events lie until they are too old. Two stores implement it, and one set of tests holds for both.
 *
 * - What `append` has resolved for outlives a killed process, a killed database and a power cut.
 * - Events become visible in the order of their numbers: whoever has seen number N never sees a lower one appear.
 * - An id and an action are there once. Reading deletes nothing.
 *
 * Every method rejects with the store's own error when the store is in trouble; nothing was kept then, or it was kept
 * and the repetition that follows is recognised.
 */
export interface Inbox {
  /** Keeps all or none of them, in one transaction. The fates stand in the order of the arrivals. */
  append(arrivals: readonly Arrival[]): Promise<Fate[]>;
  /** Events behind a number, in order; at most `limit`, and no more bodies than `maxBytes` once there is one. */
  read(behind: number, bounds: { limit: number; maxBytes: number }): Promise<Page>;
  /** Remembers how far a reader has asked, for the backlog. */
  noteAsked(behind: number): Promise<void>;
  facts(): Promise<InboxFacts>;
  /** Deletes at most `limit` events that came before that time, the oldest first. Returns how many. */
  expire(beforeMs: number, limit: number): Promise<number>;
  /** Deletes these events. `scrub` makes that irrevocable. */
  erase(numbers: readonly number[]): Promise<void>;
  /** What a store does after events have expired: deleted text leaves it as soon as that costs little. */
  tidy(): Promise<void>;
  /** Removes what the store's files still hold of deleted events, as far as that is in the store's power. */
  scrub(): Promise<void>;
  /** Gives the inbox another identity: after a backup was restored, so that readers notice. */
  renewIdentity(): Promise<string>;
  subscriptions(): Promise<Subscription[]>;
  saveSubscription(subscription: Subscription): Promise<void>;
  forgetSubscription(type: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * The number up to which a page goes: the first event always, and then as many as keep the bodies within `maxBytes`.
 * Undefined where there is none. The rows stand in the order of their numbers.
 */
export function lastWithin(rows: readonly Record<string, unknown>[], maxBytes: number): number | undefined {
  let total = 0;
  let last: number | undefined;
  for (const { number, size } of rows) {
    total += Number(size);
    if (last !== undefined && total > maxBytes) break;
    last = Number(number);
  }
  return last;
}
