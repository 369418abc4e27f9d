import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Interrupted } from '../errors.ts';
import { Keeper, type KeeperOptions } from './keeper.ts';
import { StateFile } from './state-file.ts';

/** A clock on which a pause lasts until the test lets it pass. */
function heldClock() {
  const held: (() => void)[] = [];
  return {
    pass: () => held.splice(0).forEach((resolve) => resolve()),
    elapsed: () => 0,
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        held.push(resolve);
        signal?.addEventListener('abort', () => reject(new Interrupted()));
      }),
  };
}

async function setUp(settle: KeeperOptions['settle']) {
  const path = join(await mkdtemp(join(tmpdir(), 'source-ashby-keeper-')), 'state.json');
  const clock = heldClock();
  const failures: unknown[] = [];
  const stateFile = new StateFile(path);
  const keeper = new Keeper({
    ...{ clock, settle, stateFile },
    afterwards: () => Promise.resolve(),
    onFailure: (failure) => void failures.push(failure),
  });
  const saved = async (): Promise<unknown[]> => JSON.parse(await readFile(path, 'utf8')) as unknown[];
  return { keeper, clock, failures, saved };
}

const stateOf = (name: string, stream_state: object) => ({
  type: 'STREAM',
  stream: { stream_descriptor: { name }, stream_state },
});

test('states that came in are written at once, and stay where a stream prints none', async () => {
  const { keeper, saved } = await setUp(() => Promise.resolve());
  await keeper.begin(new Map([['jobs', { at: 1 }]]));
  expect(await saved()).toEqual([stateOf('jobs', { at: 1 })]);
  keeper.take('users', { at: 2 });
  await keeper.end();
  expect(await saved()).toEqual([stateOf('jobs', { at: 1 }), stateOf('users', { at: 2 })]);
});

test('a state is written only when what it covers is on the disk, and one that came meanwhile waits', async () => {
  let settled = (): void => undefined;
  const asked: (readonly string[])[] = [];
  const { keeper, clock, saved } = await setUp((streams) => {
    asked.push(streams);
    return asked.length > 1 ? Promise.resolve() : new Promise((resolve) => (settled = resolve));
  });
  await keeper.begin(new Map());
  keeper.take('jobs', { at: 1 });
  clock.pass();
  for (let turn = 0; asked.length === 0 && turn < 100; turn += 1) await Promise.resolve();
  expect(asked).toEqual([['jobs']]);
  keeper.take('jobs', { at: 2 }); // its rows may not be on the disk when those of the first are
  expect(await saved()).toEqual([]);
  settled();
  const ended = keeper.end();
  clock.pass();
  await ended;
  expect(asked).toEqual([['jobs'], ['jobs']]);
  expect(await saved()).toEqual([stateOf('jobs', { at: 2 })]);
});

test('what cannot be brought to the disk is told at once, and no state is written for it', async () => {
  const { keeper, clock, failures, saved } = await setUp(() => Promise.reject(new Error('the disk is full')));
  await keeper.begin(new Map());
  keeper.take('jobs', { at: 1 });
  clock.pass();
  await expect(keeper.end()).rejects.toThrow('the disk is full');
  expect(failures).toHaveLength(1);
  expect(await saved()).toEqual([]);
});
