import { expect, test } from '@jest/globals';
import type { Batch } from '../../sources/batch.ts';
import { EVERYTHING } from '../../sources/place.ts';
import { rowsOf } from '../../testing/rows.ts';
import { Collector, type CollectorOptions } from './parents.ts';

const batch = (...values: unknown[]): Batch => ({ rows: rowsOf(values), arrivedAtMs: 0, place: undefined });

function collectorOf(options: Partial<CollectorOptions> = {}) {
  const told: string[] = [];
  const collector = new Collector({
    project: ({ rows }) => rows,
    field: 'id',
    versions: false,
    except: undefined,
    ...options,
  });
  for (const name of ['x', 'y'])
    collector.add({
      begin: () => void told.push(`${name} begin`),
      restart: (_start, why) => void told.push(`${name} restart ${why}`),
      ready: ({ ids, versions }, { token }) =>
        void told.push(`${name} ${[...ids.behind(undefined)].join()} ${[...versions].join()} ${String(token)}`),
      fail: () => void told.push(`${name} fail`),
    });
  return { collector, told };
}

test('ids are handed to every reader once the walk has ended, sorted, each once, without what has none', async () => {
  const { collector, told } = collectorOf();
  const taker = collector.walk({ tells: true });
  taker.begin();
  await taker.take(batch({ id: 'b' }, { id: 'a' }, {}));
  await taker.take(batch({ id: 'b' }));
  expect(told).toEqual(['x begin', 'y begin']);
  taker.finish({ token: 't' });
  expect(told.slice(2)).toEqual(['x a,b  t', 'y a,b  t']);
});

test.each([true, false])(
  'of two walks both bring ids, and the token is of the one that counts (which ends first: %s)',
  async (first) => {
    const { collector, told } = collectorOf();
    const whole = collector.walk({ tells: false });
    const changes = collector.walk({ tells: true });
    await whole.take(batch({ id: 'a' }));
    await changes.take(batch({ id: 'c' }));
    const ends = [() => changes.finish({ token: 'counts' }), () => whole.finish({ token: 'does not' })];
    for (const end of first ? ends : ends.reverse()) {
      expect(told).toEqual([]);
      end();
    }
    expect(told[0]).toBe('x a,c  counts');
  },
);

test('a walk that begins anew brings its ids again; those of another walk stay', async () => {
  const alone = collectorOf();
  const taker = alone.collector.walk({ tells: true });
  await taker.take(batch({ id: 'gone' }));
  taker.restart(EVERYTHING, 'why');
  await taker.take(batch({ id: 'a' }));
  taker.finish({ token: null });
  expect(alone.told).toEqual(['x restart why', 'y restart why', 'x a  null', 'y a  null']);
  const both = collectorOf();
  const [whole, changes] = [both.collector.walk({ tells: false }), both.collector.walk({ tells: true })];
  await whole.take(batch({ id: 'kept' }));
  whole.restart(EVERYTHING, 'not told');
  changes.finish({ token: 't' });
  whole.finish({ token: null });
  expect(both.told).toEqual(['x kept  t', 'y kept  t']);
});

test('parents that say so are left out, other fields can name them, and versions are remembered', async () => {
  const { collector, told } = collectorOf({ field: 'jobId', versions: true, except: { field: 'on', is: false } });
  const taker = collector.walk({ tells: true });
  await taker.take(batch({ jobId: 'a', on: true, updatedAt: 'v' }, { jobId: 'b', on: false }, { jobId: 'c' }));
  taker.finish({ token: 't' });
  expect(told[0]).toBe('x a,c a,v t');
});

test('a walk that fails fails for every reader', () => {
  const { collector, told } = collectorOf();
  collector.walk({ tells: true }).fail(new Error('x'));
  expect(told).toEqual(['x fail', 'y fail']);
});
