import { randomUUID } from 'node:crypto';
import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  lastWithin,
  type Arrival,
  type Fate,
  type Inbox,
  type InboxFacts,
  type KeptEvent,
  type Page,
  type Subscription,
} from './inbox.ts';
import { bytes, connect, text, type Row } from './libsql.ts';
import { openFile, settle, type SqliteOptions } from './sqlite-layout.ts';
import { prepareAll, queries, statements, type Reader, type Writer } from './sqlite-statements.ts';

/** The inbox in one file, for one machine. */
export class SqliteInbox implements Inbox {
  readonly #options: SqliteOptions;
  readonly #reader: Reader;
  #writer: Writer | undefined;
  #lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(options: SqliteOptions, writer: Writer, reader: Reader) {
    this.#options = options;
    this.#writer = writer;
    this.#reader = reader;
  }

  /** Throws a `config_error` where the file cannot be written. */
  static async open(options: SqliteOptions): Promise<SqliteInbox> {
    const writer = await openFile(options);
    const reader = await connect(options.path);
    await settle(reader);
    const ask = await prepareAll(reader, queries);
    const run = await prepareAll(writer, statements);
    return new SqliteInbox(options, { connection: writer, run }, { connection: reader, ask });
  }

  append(arrivals: readonly Arrival[]): Promise<Fate[]> {
    return this.#write((run) => arrivals.map((arrival) => keep(arrival, run)));
  }

  async read(behind: number, { limit, maxBytes }: { limit: number; maxBytes: number }): Promise<Page> {
    const { ask } = this.#reader;
    const sizes = await ask.sizes.all([behind, limit]);
    const next = lastWithin(sizes, maxBytes) ?? behind;
    const events = (await ask.range.all([behind, next])).map(eventOf);
    // Asked after the events: what expired in between is then told as gone, never passed over in silence.
    const { identity, gone_through, newest, last } = ask.inbox.get([]) ?? {};
    return {
      inbox: text(identity),
      events,
      next,
      oldest: Number(gone_through) + 1,
      newest: Number(newest),
      last: Number(last),
    };
  }

  async noteAsked(behind: number): Promise<void> {
    const known = this.#reader.ask.inbox.get([])?.['asked_behind'];
    if (typeof known === 'number' && known >= behind) return;
    await this.#write((run) => run.asked.run([behind]));
  }

  async facts(): Promise<InboxFacts> {
    const { ask } = this.#reader;
    const row = ask.inbox.get([]) ?? {};
    const askedBehind = typeof row['asked_behind'] === 'number' ? row['asked_behind'] : undefined;
    const { path } = this.#options;
    const sizes = await Promise.all(
      [path, `${path}-wal`].map((file) =>
        stat(file).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    const disk = await statfs(dirname(path));
    return {
      inbox: text(row['identity']),
      oldest: Number(row['gone_through']) + 1,
      newest: Number(row['newest']),
      askedBehind,
      backlog: Number(ask.count.get([askedBehind ?? 0])?.['many']),
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      freeBytes: disk.bavail * disk.bsize,
    };
  }

  async expire(beforeMs: number, limit: number): Promise<number> {
    return this.#write(async (run) => {
      const numbers = (await run.old.all([beforeMs, limit])).map((row) => Number(row['number']));
      for (const number of numbers) run.remove.run([number]);
      const last = numbers.at(-1);
      if (last !== undefined) run.gone.run([last]);
      return numbers.length;
    });
  }

  erase(numbers: readonly number[]): Promise<void> {
    return this.#write((run) => {
      for (const number of numbers) run.remove.run([number]);
    });
  }

  tidy(): Promise<void> {
    return this.scrub();
  }

  /** Deleted bodies are zeros in the file already; what is left of them stands in the write-ahead log. */
  async scrub(): Promise<void> {
    await this.#inTurn(async () => {
      const { connection } = await this.#open();
      const [row] = await (await connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)')).all([]);
      if (row?.['busy'] !== 0) throw new Error('another process was reading the inbox; try again');
    });
  }

  async renewIdentity(): Promise<string> {
    const identity = randomUUID();
    await this.#write((run) => run.renew.run([identity]));
    return identity;
  }

  async subscriptions(): Promise<Subscription[]> {
    const rows = await this.#reader.ask.subscriptions.all([]);
    return rows.map((row) => ({ type: text(row['type']), webhookId: text(row['webhook_id']) }));
  }

  async saveSubscription({ type, webhookId }: Subscription): Promise<void> {
    await this.#write((run) => run.save.run([type, webhookId]));
  }

  async forgetSubscription(type: string): Promise<void> {
    await this.#write((run) => run.forget.run([type]));
  }

  async close(): Promise<void> {
    await this.#inTurn(() => {
      this.#writer?.connection.close();
      this.#writer = undefined;
      this.#reader.connection.close();
    });
  }

  /** One transaction at a time; all of it is on the disk when this resolves, or nothing was done. */
  #write<T>(work: (run: Writer['run']) => T | Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const { connection, run } = await this.#open();
      await connection.exec('BEGIN IMMEDIATE');
      try {
        const result = await work(run);
        await connection.exec('COMMIT');
        return result;
      } catch (failure) {
        if (connection.inTransaction) await connection.exec('ROLLBACK').catch(() => this.#discard());
        throw failure;
      }
    });
  }

  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#lastWrite.then(work);
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }

  async #open(): Promise<Writer> {
    if (this.#writer) return this.#writer;
    const connection = await openFile(this.#options);
    return (this.#writer = { connection, run: await prepareAll(connection, statements) });
  }

  /** A connection that cannot even roll back is not trusted any more: the next write opens another one. */
  #discard(): void {
    this.#writer?.connection.close();
    this.#writer = undefined;
  }
}

function keep({ id, action, receivedAtMs, body }: Arrival, run: Writer['run']): Fate {
  const known = id === undefined ? undefined : run.find.get([body, id, action]);
  if (known?.['same'] === 1) return 'repeated';
  if (known) run.remove.run([Number(known['number'])]);
  run.insert.run([id ?? null, action, receivedAtMs, body]);
  return known ? 'changed' : 'new';
}

function eventOf(row: Row): KeptEvent {
  return {
    number: Number(row['number']),
    id: row['id'] === null ? undefined : text(row['id']),
    action: text(row['action']),
    receivedAtMs: Number(row['received_at']),
    body: bytes(row['body']),
  };
}
