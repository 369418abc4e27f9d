import { describe, expect, test } from '@jest/globals';
import { AshbyError } from '../../ashby/envelope.ts';
import { judge } from '../../ashby/error-table.ts';
import type { Batch, Batches } from '../../sources/batch.ts';
import { EVERYTHING, type Place } from '../../sources/place.ts';
import { rowsWithIds } from '../../testing/rows.ts';
import { runWalk, type Taker } from './walk.ts';

const CHANGES = (token: string): Place => ({ kind: 'changes', token });
const WALKING = (from: string | null, cursor: string): Place => ({ kind: 'walking', from, cursor });
const WINDOW: Place = {
  kind: 'journal',
  until: '2026-01-01T00:00:00.000Z',
  recent: '',
  window: { from: '2025-01-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z', cursor: 'c' },
};
const { window: _window, ...NO_WINDOW } = WINDOW;

const batch = (id: string, place: Place, token?: string | null): Batch => ({
  rows: rowsWithIds(id),
  arrivedAtMs: 0,
  place,
  ...(token === undefined ? {} : { end: { token } }),
});
const refusal = (code: string) => {
  const about = { endpoint: 'job.list', status: 400, code };
  return new AshbyError(judge({ ...about, permission: 'jobsRead' }), about);
};
const tokenLost = refusal('sync_token_expired');
const badRequest = refusal('invalid_input');
const lost = { failureType: 'transient_error', retry: 'no', message: 'The page position is lost.' } as const;
const cursorLost = new AshbyError({ ...lost, kind: 'cursor-lost' }, { endpoint: 'job.list', code: 'c' });

/** Notes what it is told; throws at the row `chokesOn`. */
function recorder(chokesOn?: string) {
  const told: string[] = [];
  const taker: Taker = {
    begin: () => void told.push('begin'),
    take: (taken) => {
      const id = String(taken.rows[0]?.value['id']);
      if (id === chokesOn) return Promise.reject(new Error('choked'));
      told.push(`${id}${taken.end ? ' (end)' : ''}`);
      return Promise.resolve();
    },
    restart: (start, why) => void told.push(`restart ${JSON.stringify(start)} ${why.split(';')[0] ?? ''}`),
    finish: ({ token }) => void told.push(`finish ${String(token)}`),
    fail: (thrown) => void told.push(`fail ${thrown instanceof Error ? thrown.message : 'odd'}`),
  };
  return { told, taker };
}

/** A source that yields, at each opening, the next of these lists, and throws the errors among them. */
function source(openings: readonly (readonly (Batch | Error)[])[]) {
  const opened: Place[] = [];
  const open = async function* (place: Place): Batches {
    const script = openings[opened.length];
    opened.push(place);
    if (!script) throw new Error('opened once too often');
    for (const step of script) {
      await Promise.resolve();
      if (step instanceof Error) throw step;
      yield step;
    }
  };
  return { open, opened };
}

async function walk(start: Place, openings: readonly (readonly (Batch | Error)[])[], recovers = true) {
  const { open, opened } = source(openings);
  const { told, taker } = recorder();
  await runWalk({ open, start, takers: [taker], protect: undefined, recovers });
  return { told, opened };
}

describe('a walk', () => {
  const end = batch('2', CHANGES('t'), 't');

  test('is told from its beginning to its end', async () => {
    const { told, opened } = await walk(EVERYTHING, [[batch('1', WALKING(null, 'c')), end]]);
    expect(told).toEqual(['begin', '1', '2 (end)', 'finish t']);
    expect(opened).toEqual([EVERYTHING]);
  });

  test('that goes on where an earlier one stopped is followed by the changes since that one began', async () => {
    const after = batch('3', CHANGES('u'), 'u');
    const { told, opened } = await walk(WALKING(null, 'c'), [[end], [after]]);
    expect(told).toEqual(['begin', '2', '3 (end)', 'finish u']);
    expect(opened).toEqual([WALKING(null, 'c'), CHANGES('t')]);
  });

  test('that goes on and gives no token ends there', async () => {
    const { told } = await walk(WALKING(null, 'c'), [[batch('2', EVERYTHING, null)]]);
    expect(told).toEqual(['begin', '2 (end)', 'finish null']);
  });

  test('whose source ends without saying so has failed', async () => {
    const { told } = await walk(EVERYTHING, [[batch('1', WALKING(null, 'c'))]]);
    expect(told).toEqual(['begin', '1', 'fail a source ended without saying so']);
  });
});

describe('a refusal', () => {
  const whole = batch('9', CHANGES('u'), 'u');
  const page = batch('1', WALKING('t', 'c'));

  test.each<[string, Place, readonly (readonly (Batch | Error)[])[], Place[], number]>([
    ['of the token begins anew over everything', CHANGES('t'), [[tokenLost], [whole]], [CHANGES('t'), EVERYTHING], 1],
    [
      'of the token in mid-walk begins anew over everything',
      CHANGES('t'),
      [[page, tokenLost], [whole]],
      [CHANGES('t'), EVERYTHING],
      1,
    ],
    [
      'of the cursor begins anew from the token',
      CHANGES('t'),
      [[page, cursorLost], [whole]],
      [CHANGES('t'), CHANGES('t')],
      1,
    ],
    [
      'of the cursor of a whole walk begins it anew',
      WALKING(null, 'c'),
      [[cursorLost], [whole]],
      [WALKING(null, 'c'), EVERYTHING],
      1,
    ],
    ["of a journal's cursor begins its window anew", WINDOW, [[cursorLost], [whole]], [WINDOW, NO_WINDOW as Place], 1],
    ['as malformed, once, proves nothing', CHANGES('t'), [[badRequest], [whole]], [CHANGES('t'), CHANGES('t')], 0],
    [
      'as malformed, twice, is about the token',
      CHANGES('t'),
      [[badRequest], [badRequest], [whole]],
      [CHANGES('t'), CHANGES('t'), EVERYTHING],
      1,
    ],
    [
      'as malformed, again and again, is about the cursor, then about the token',
      WALKING('t', 'c'),
      [[badRequest], [badRequest], [badRequest], [badRequest], [whole]],
      [WALKING('t', 'c'), WALKING('t', 'c'), CHANGES('t'), CHANGES('t'), EVERYTHING],
      2,
    ],
  ])('%s', async (_what, start, openings, expected, restarts) => {
    const { told, opened } = await walk(start, openings);
    expect(opened).toEqual(expected);
    expect(told.slice(-2)).toEqual(['9 (end)', 'finish u']);
    expect(told.filter((line) => line.startsWith('restart'))).toHaveLength(restarts);
  });

  test.each<[string, Place, readonly (readonly (Batch | Error)[])[], RegExp]>([
    [
      'of the token, twice, ends it',
      CHANGES('t'),
      [[tokenLost], [batch('1', WALKING(null, 'c')), tokenLost]],
      /sync token .* twice/,
    ],
    [
      'of the cursor, twice, ends it',
      CHANGES('t'),
      [
        [page, cursorLost],
        [page, cursorLost],
      ],
      /page position .* twice/,
    ],
    ['as malformed of what carries nothing ends it', EVERYTHING, [[badRequest], [badRequest]], /^fail /],
    ["that is a program's defect ends it", CHANGES('t'), [[new Error('defect')]], /^fail defect$/],
  ])('%s', async (_what, start, openings, message) => {
    const { told, opened } = await walk(start, openings);
    expect(opened).toHaveLength(openings.length);
    expect(told.at(-1)).toMatch(/^fail /);
    expect(told.at(-1)).toMatch(message);
  });

  test('is passed on where the source sees to its failures itself', async () => {
    const { told, opened } = await walk(CHANGES('t'), [[tokenLost]], false);
    expect(opened).toHaveLength(1);
    expect(told.at(-1)).toBe(`fail ${tokenLost.message}`);
  });
});

describe('takers', () => {
  const pages = [batch('1', WALKING(null, 'a')), batch('2', WALKING(null, 'b')), batch('3', CHANGES('t'), 't')];

  test('one that throws ends alone', async () => {
    const [sound, choking] = [recorder(), recorder('2')];
    await runWalk({ ...source([pages]), start: EVERYTHING, takers: [choking.taker, sound.taker], protect: undefined });
    expect(choking.told).toEqual(['begin', '1', 'fail choked']);
    expect(sound.told).toEqual(['begin', '1', '2', '3 (end)', 'finish t']);
  });

  test('when all have thrown, nothing more is asked for', async () => {
    let yielded = 0;
    const open = async function* (): Batches {
      for (const page of pages) {
        yielded += 1;
        await Promise.resolve();
        yield page;
      }
    };
    await runWalk({ open, start: EVERYTHING, takers: [recorder('1').taker, recorder('1').taker], protect: undefined });
    expect(yielded).toBe(1);
  });

  test('one that throws when it begins is told, and the others go on', async () => {
    const [bad, sound] = [recorder(), recorder()];
    const taker = {
      ...bad.taker,
      begin: () => {
        throw new Error('no room');
      },
    };
    await runWalk({ ...source([pages]), start: EVERYTHING, takers: [taker, sound.taker], protect: undefined });
    expect(bad.told).toEqual(['fail no room']);
    expect(sound.told.at(-1)).toBe('finish t');
  });
});
