import { codeOf } from './failure.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { Clock } from './world.ts';

const EVERY_MS = 3_600_000;
/** So many go in one transaction, so that deliveries need not wait long for theirs. */
const BATCH = 200;

export interface JanitorOptions {
  inbox: Pick<Inbox, 'expire' | 'tidy'>;
  keepMs: number;
  clock: Clock;
  signal: AbortSignal;
  info(line: string): void;
  warn(line: string): void;
}

/** Deletes what is older than it may be: at the start, and every hour. Resolves when the receiver stops. */
export async function keepTidy({ inbox, keepMs, clock, signal, info, warn }: JanitorOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      let gone = 0;
      for (let some = BATCH; some === BATCH && !signal.aborted; gone += some) {
        some = await inbox.expire(clock.now() - keepMs, BATCH);
      }
      if (gone > 0) {
        await inbox.tidy();
        info(`${gone} events were older than they may be kept, and are deleted.`);
      }
    } catch (failure) {
      warn(`Old events could not be deleted (${codeOf(failure)}); the next try is in an hour.`);
    }
    await clock.sleep(EVERY_MS, signal).catch(() => undefined); // rejects when the receiver stops
  }
}
