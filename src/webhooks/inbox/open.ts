import type { Inbox } from './inbox.ts';

export interface InboxPlace {
  /** A file, or a postgres:// address. */
  place: string;
  /** For the file: how large it may grow. */
  maxBytes?: number | undefined;
  warn(line: string): void;
}

/** Opens the inbox, of whichever kind. Throws a `config_error` where it cannot be written. */
export async function openInbox({ place, maxBytes, warn }: InboxPlace): Promise<Inbox> {
  if (/^postgres(ql)?:\/\//.test(place)) {
    const { PostgresInbox } = await import('./postgres.ts');
    const onBroken = (code: string): void =>
      warn(`A connection to Postgres broke (${code}); the next use makes another.`);
    return PostgresInbox.open({ url: place, onBroken });
  }
  const { SqliteInbox } = await import('./sqlite.ts');
  return SqliteInbox.open({ path: place, maxBytes });
}
