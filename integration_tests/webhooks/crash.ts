import { expect } from '@jest/globals';
import { allEvents, ReceiverProcess } from './receiver.ts';
import { Ashby, event } from './sender.ts';

/*
 * Kills receivers (and whatever else is named) at random moments under load, and checks after each round that every
 * event that was answered 200 is there, once, and that numbers only grow.
 */

export interface CrashOptions {
  rounds: number;
  /** How many receivers stand side by side; each event goes to all of them, as from a load balancer that doubles. */
  receivers: number;
  /** A file, or the address of a database. */
  inbox: string;
  /** Kills something in the middle of the load; `receivers` run then. */
  strike(receivers: readonly ReceiverProcess[], round: number): Promise<void>;
}

const LANES = 24;

export interface CrashReport {
  acknowledged: number;
  sentAgain: number;
  /** How many rounds ended with deliveries unanswered: those that hit. */
  roundsHit: number;
}

export async function crash({ rounds, receivers, inbox, strike }: CrashOptions): Promise<CrashReport> {
  const ashby = new Ashby();
  const everGiven = new Map<string, number>();
  let highest = 0;
  let next = 0;
  let roundsHit = 0;
  try {
    for (let round = 0; round < rounds; round += 1) {
      const running = await Promise.all(Array.from({ length: receivers }, () => ReceiverProcess.start(inbox)));
      const before = ashby.again.length;
      let sending = true;
      const lane = async (): Promise<void> => {
        while (sending) {
          next += 1;
          const id = `event-${next}`;
          const body = event(id, { text: 'x'.repeat(next % 3_000) });
          await Promise.all(running.map(({ port }) => ashby.attempt(port, id, body)));
        }
      };
      const lanes = Array.from({ length: LANES }, lane);
      await strike(running, round);
      sending = false;
      await Promise.all(lanes);
      await Promise.all(running.map((receiver) => receiver.kill()));
      if (ashby.again.length > before) roundsHit += 1;

      // What a reader finds after the next start.
      const reader = await ReceiverProcess.start(inbox);
      const events = await allEvents(reader.pullPort);
      await reader.kill('SIGTERM');
      const numbers = events.map(({ number }) => number);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      const byId = new Map(events.map(({ id, number, body }) => [id, { number, body: JSON.stringify(body) }]));
      expect(byId.size).toBe(events.length); // none is there twice
      for (const [id, body] of ashby.acknowledged) {
        if (byId.get(id)?.body !== body)
          throw new Error(`round ${round}: ${id} was answered 200 and is not there as it was sent`);
      }
      for (const { id, number } of events) {
        const known = everGiven.get(id ?? '');
        if (known !== undefined)
          expect([id, number]).toEqual([id, known]); // a number stays with its event
        else expect(number).toBeGreaterThan(highest); // and a new event never gets one below those that were seen
        everGiven.set(id ?? '', number);
      }
      highest = numbers.at(-1) ?? highest;
    }
    return { acknowledged: ashby.acknowledged.size, sentAgain: ashby.again.length, roundsHit };
  } finally {
    ashby.close();
  }
}

/** Waits for some moments of load, another number of them each time. */
export const someMoments = (mostMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * mostMs));
