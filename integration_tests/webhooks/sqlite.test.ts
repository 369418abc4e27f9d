import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ConnectorError } from '../../src/errors.ts';
import { SqliteInbox } from '../../src/webhooks/inbox/sqlite.ts';
import { arrival, inboxContract } from './contract.ts';

const WIDE = { limit: 1_000_000, maxBytes: Infinity };
const fresh = (): Promise<string> => mkdtemp(join(tmpdir(), 'source-ashby-inbox-'));

inboxContract('SQLite', async () => {
  const folder = await fresh();
  return {
    open: () => SqliteInbox.open({ path: join(folder, 'inbox.db') }),
    remove: () => rm(folder, { recursive: true }),
  };
});

describe('the file of the inbox', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await fresh();
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Whether any file of the inbox holds this text anywhere, also in free pages and in the write-ahead log. */
  async function holds(text: string): Promise<boolean> {
    const files = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file))));
    return files.some((content) => content.includes(text));
  }

  test('can be read by its owner alone, whatever the umask, and so can what lies beside it', async () => {
    const inbox = await SqliteInbox.open({ path: join(folder, 'deep', 'inbox.db') });
    await inbox.append([arrival('a')]);
    const modes = await Promise.all(
      (await readdir(join(folder, 'deep'))).map(async (file) => [
        file,
        (await stat(join(folder, 'deep', file))).mode & 0o777,
      ]),
    );
    expect(modes).toEqual([
      ['inbox.db', 0o600],
      ['inbox.db-shm', 0o600],
      ['inbox.db-wal', 0o600],
    ]);
    expect((await stat(join(folder, 'deep'))).mode & 0o777).toBe(0o700);
    await inbox.close();
  });

  test('holds no trace of what was erased, superseded or expired once it is scrubbed', async () => {
    const inbox = await SqliteInbox.open({ path: join(folder, 'inbox.db') });
    const long = 'TRACE'.repeat(3_000); // spills into pages of its own
    await inbox.append([
      arrival('a', `erased ${long}`),
      arrival('b', `superseded ${long}`),
      arrival('c', `expired ${long}`, 'jobUpdate', 1),
      arrival('d', 'what stays'),
    ]);
    expect(await holds('TRACETRACE')).toBe(true);
    await inbox.erase([1]);
    await inbox.append([arrival('b', 'another body')]);
    await inbox.expire(2, 10);
    expect(await holds('TRACETRACE')).toBe(true); // the write-ahead log has it still
    await inbox.scrub();
    expect([await holds('TRACETRACE'), await holds('what stays')]).toEqual([false, true]);
    await inbox.close();
  });

  test('that is full refuses, keeps nothing of the group, and takes events again when there is room', async () => {
    const inbox = await SqliteInbox.open({ path: join(folder, 'inbox.db'), maxBytes: 400_000 });
    const large = (id: string) => arrival(id, 'x'.repeat(60_000), 'jobUpdate', 1);
    let kept = 0;
    const fill = async (): Promise<void> => {
      for (; kept < 100; kept += 1) await inbox.append([large(`fills-${kept}`)]);
    };
    await expect(fill()).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    expect(kept).toBeGreaterThan(2);
    await expect(inbox.append([arrival('small'), large('large')])).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    expect((await inbox.read(0, WIDE)).events).toHaveLength(kept);
    expect(await inbox.expire(2, 2)).toBe(2);
    expect(await inbox.append([large('fits again')])).toEqual(['new']);
    expect(await inbox.read(0, WIDE)).toMatchObject({ newest: kept + 1 });
    await inbox.close();
  });

  test.each([
    ['a folder', (): string => folder],
    ['below a file', (): string => join(folder, 'file', 'inbox.db')],
    ['no database', (): string => join(folder, 'file')],
  ])('%s: the reason is told before the start', async (_name, path) => {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(folder, 'file'), 'not a database, but long enough to be looked at as one '.repeat(50));
    const failure = await SqliteInbox.open({ path: path() }).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ConnectorError);
    expect(failure).toMatchObject({
      failureType: 'config_error',
      message: expect.stringMatching(/cannot be written \(\w+\)\. Check/),
    });
  });

  test('of a newer version is left alone', async () => {
    const path = join(folder, 'inbox.db');
    await (await SqliteInbox.open({ path })).close();
    const { connect } = await import('../../src/webhooks/inbox/libsql.ts');
    const connection = await connect(path);
    await connection.exec('UPDATE inbox SET layout = 2');
    connection.close();
    await expect(SqliteInbox.open({ path })).rejects.toThrow(/newer version/);
  });
});
