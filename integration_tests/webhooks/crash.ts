import { allEvents, ReceiverProcess, type Given } from './receiver.ts';
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
      check(round, events, ashby.acknowledged, everGiven, highest);
      for (const { id, number } of events) everGiven.set(id ?? '', number);
      highest = events.at(-1)?.number ?? highest;
    }
    return { acknowledged: ashby.acknowledged.size, sentAgain: ashby.again.length, roundsHit };
  } finally {
    ashby.close();
  }
}

/** Plain comparisons, since there are tens of thousands of events to look at in each of 200 rounds. */
function check(
  round: number,
  events: readonly Given[],
  acknowledged: ReadonlyMap<string, string>,
  everGiven: ReadonlyMap<string, number>,
  highest: number,
): void {
  const fail = (what: string): never => {
    throw new Error(`round ${round}: ${what}`);
  };
  const bodies = new Map(events.map(({ id, body }) => [id, JSON.stringify(body)]));
  if (bodies.size !== events.length) fail('an event is there twice');
  let last = 0;
  for (const { id, number } of events) {
    if (number <= last) fail(`number ${number} stands behind ${last}`);
    last = number;
    const known = everGiven.get(id ?? '');
    if (known !== undefined && known !== number) fail(`${id ?? ''} had the number ${known} and has ${number}`);
    if (known === undefined && number <= highest) fail(`number ${number} appeared after ${highest} was seen`);
  }
  for (const [id, body] of acknowledged) {
    if (bodies.get(id) !== body) fail(`${id} was answered 200 and is not there as it was sent`);
  }
}

/** Waits for some moments of load, another number of them each time. */
export const someMoments = (mostMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * mostMs));
