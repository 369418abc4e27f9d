import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PostgresInbox } from '../../../src/webhooks/inbox/postgres.ts';
import { arrival, inboxContract } from '../contract.ts';
import { Postgres } from './server.ts';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await Postgres.start();
}, 120_000);
afterAll(() => postgres.stop());

const WIDE = { limit: 1_000_000, maxBytes: Infinity };
const open = (url: string): Promise<PostgresInbox> => PostgresInbox.open({ url, onBroken: () => undefined });

inboxContract('Postgres', async () => {
  const url = await postgres.database();
  return { open: () => open(url), remove: () => Promise.resolve() };
});

describe('the database of the inbox', () => {
  test('eight receivers that start at the same moment make one inbox', async () => {
    const url = await postgres.database();
    const all = await Promise.all(Array.from({ length: 8 }, () => open(url)));
    const pages = await Promise.all(all.map((inbox) => inbox.read(0, WIDE)));
    expect(new Set(pages.map(({ inbox }) => inbox)).size).toBe(1);
    await Promise.all(all.map((inbox) => inbox.close()));
  });

  test('a transaction waits for the one before it: no number is visible before all lower ones', async () => {
    const url = await postgres.database();
    const [first, second] = [await open(url), await open(url)];
    const { default: pg } = await import('pg');
    const slow = new pg.Client({ connectionString: url });
    await slow.connect();
    // A receiver that has taken a number and not committed yet.
    await slow.query('BEGIN; SELECT 1 FROM ashby_inbox FOR UPDATE');
    await slow.query('UPDATE ashby_inbox SET newest = newest + 1');
    let done = false;
    const waiting = first.append([arrival('later')]).then(() => (done = true));
    for (let waits = 0; waits === 0;) {
      const [row] = await postgres.sql(
        'postgres',
        `SELECT count(*)::int AS waits FROM pg_stat_activity WHERE wait_event_type = 'Lock'`,
      );
      waits = Number(row?.['waits']);
    }
    expect([done, (await second.read(0, WIDE)).events]).toEqual([false, []]);
    await slow.query(`INSERT INTO ashby_inbox_events VALUES (1, 'earlier', 'jobUpdate', 0, '{}'); COMMIT`);
    await waiting;
    expect((await second.read(0, WIDE)).events).toMatchObject([
      { number: 1, id: 'earlier' },
      { number: 2, id: 'later' },
    ]);
    await Promise.all([slow.end(), first.close(), second.close()]);
  });

  test('is asked for durability even where the database is set to acknowledge early', async () => {
    const url = await postgres.database();
    const name = url.slice(url.lastIndexOf('/') + 1);
    await postgres.sql('postgres', `ALTER DATABASE ${name} SET synchronous_commit = off`);
    const inbox = await open(url);
    await postgres.sql(
      name,
      `CREATE TABLE seen (setting text);
      CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$;
      CREATE TRIGGER see AFTER INSERT ON ashby_inbox_events FOR EACH STATEMENT EXECUTE FUNCTION see()`,
    );
    await inbox.append([arrival('a')]);
    expect(await postgres.sql(name, 'SELECT setting FROM seen')).toEqual([{ setting: 'on' }]);
    await inbox.close();
  });

  test('the table holds no trace of what was erased once it is scrubbed', async () => {
    const url = await postgres.database();
    const name = url.slice(url.lastIndexOf('/') + 1);
    const inbox = await open(url);
    await inbox.append([arrival('a', 'TRACE-OF-A-PERSON'), arrival('b', 'what stays')]);
    await inbox.erase([1]);
    await inbox.scrub();
    const [table] = await postgres
      .sql(name, `CHECKPOINT; SELECT current_setting('data_directory') AS data`)
      .then(() =>
        postgres.sql(
          name,
          `SELECT current_setting('data_directory') || '/base/' || oid AS folder FROM pg_database WHERE datname = '${name}'`,
        ),
      );
    const folder = String(table?.['folder']);
    const holds = async (text: string): Promise<boolean> => {
      const files = await Promise.all((await readdir(folder)).map((file) => readFile(`${folder}/${file}`)));
      return files.some((content) => content.includes(text));
    };
    expect([await holds('what stays'), await holds('TRACE-OF-A-PERSON')]).toEqual([true, false]);
    await inbox.close();
  });

  test.each([
    [
      'nobody listens',
      (): string => 'postgres://postgres:pass-word-1@127.0.0.1:9/inbox',
      /cannot be written \(ECONNREFUSED\)/,
    ],
    ['there is no such database', (): string => postgres.url('none_such'), /cannot be written \(3D000\)/],
  ])('%s: the reason is told before the start, without the password', async (_name, url, reason) => {
    const failure = await open(url()).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ failureType: 'config_error', message: expect.stringMatching(reason) });
    expect(String((failure as Error).message)).not.toContain('pass-word-1');
  });

  test('a server that syncs nothing is refused', async () => {
    const url = await postgres.database();
    await postgres.kill();
    await postgres.run({ fsync: 'off' });
    await expect(open(url)).rejects.toThrow(/fsync = off/);
    await postgres.kill();
    await postgres.run();
  });

  test('goes on after the database was killed and has come back; what was in between is refused', async () => {
    const url = await postgres.database();
    const broken: string[] = [];
    const inbox = await PostgresInbox.open({ url, onBroken: (code) => void broken.push(code) });
    await inbox.append([arrival('a')]);
    await postgres.kill();
    await expect(inbox.append([arrival('b')])).rejects.toThrow();
    await postgres.run();
    expect(await inbox.append([arrival('a'), arrival('b')])).toEqual(['repeated', 'new']);
    expect(broken.length).toBeGreaterThan(0);
    await inbox.close();
  });
});
