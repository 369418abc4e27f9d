import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Bench } from './support/bench.ts';
import type { StateMessage } from './support/transcript.ts';

/*
 * Random histories of create, change, delete, hide, show, lost tokens and runs that are stopped. No row that is there is
 * ever buried, and in the end a store that plays Airbyte's dedup rule (the newest stamp wins, tombstones delete) holds
 * what Ashby lists.
 */

const DELETED = '_ab_cdc_deleted_at';
const STAMP = '_ab_cdc_updated_at';
const TABLES = { candidates: 'candidate.list', candidate_tags: 'candidateTag.list' } as const;
const BODY = { includeArchived: true };
type Name = keyof typeof TABLES;
const NAMES = Object.keys(TABLES) as Name[];

const catalog = {
  streams: NAMES.map((name) => ({
    stream: { name, json_schema: { type: 'object', properties: { id: {}, [DELETED]: {} } } },
    sync_mode: 'incremental',
    destination_sync_mode: 'append_dedup',
  })),
};

type Step =
  | { kind: 'insert' | 'change' | 'remove' | 'hide'; table: Name; count: number }
  | { kind: 'show' | 'expire' | 'undo' }
  | { kind: 'run'; often: 'every_sync' | 'weekly'; stopAfter: number | undefined };

const table = fc.constantFrom(...NAMES);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('insert' as const, 'change' as const, 'remove' as const, 'hide' as const),
    table,
    count: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ kind: fc.constantFrom('show' as const, 'expire' as const, 'undo' as const) }),
  fc.record({
    kind: fc.constant('run' as const),
    often: fc.constantFrom('every_sync' as const, 'weekly' as const),
    stopAfter: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
  }),
);

async function play(steps: readonly Step[]): Promise<void> {
  const bench = await Bench.start({ scale: 60, tables: { candidate: 400, candidateTag: 400 } });
  const { sim } = bench;
  const store = new Map<string, { stamp: string; gone: boolean }>();
  const hidden = new Map<Name, string[]>(NAMES.map((name) => [name, []]));
  const inserted = new Map<Name, string[]>(NAMES.map((name) => [name, []]));
  let state: StateMessage[] = [];

  const visible = (name: Name): Set<string> =>
    new Set([...sim.rows(TABLES[name], name === 'candidates' ? {} : BODY)].map((row) => String(row['id'])));

  async function run(often: string, stopAfter?: number): Promise<void> {
    const stop = new AbortController();
    let lines = 0;
    const onLine = (): void => {
      lines += 1;
      if (stopAfter !== undefined && lines >= stopAfter) stop.abort();
    };
    const { out } = await bench.readHere(
      { streams: NAMES, catalog, config: { find_deleted: often }, state },
      { stop: stop.signal, onLine },
    );
    state = out.states(state);
    for (const name of NAMES) {
      const there = visible(name);
      for (const row of out.stamped(name)) {
        const key = `${name} ${String(row['id'])}`;
        const gone = row[DELETED] !== undefined;
        if (gone && there.has(String(row['id']))) throw new Error(`${key} was buried and is there`);
        const stamp = String(row[STAMP]);
        if (stamp >= (store.get(key)?.stamp ?? '')) store.set(key, { stamp, gone });
      }
    }
  }

  function alter({ kind, table: name, count }: Extract<Step, { table: Name }>): void {
    const endpoint = TABLES[name];
    if (kind === 'insert') inserted.get(name)?.push(...sim.insert(endpoint, count, { at: Date.now() }));
    else if (kind === 'change') sim.change(endpoint, { count });
    else if (kind === 'remove') sim.remove(endpoint, count);
    else hidden.get(name)?.push(...sim.hide(endpoint, count));
  }

  /** Deletes what was created, as long as it is there. */
  function undo(): void {
    for (const name of NAMES) {
      const there = visible(name);
      sim.remove(
        TABLES[name],
        (inserted.get(name) ?? []).filter((id) => there.has(id)),
      );
      inserted.set(name, []);
    }
  }

  try {
    await run('weekly');
    for (const one of steps) {
      if (one.kind === 'run') await run(one.often, one.stopAfter);
      else if ('table' in one) alter(one);
      else if (one.kind === 'expire') sim.expireTokens();
      else if (one.kind === 'undo') undo();
      else {
        for (const name of NAMES) sim.show(TABLES[name], hidden.get(name) ?? []);
        for (const name of NAMES) hidden.set(name, []);
      }
    }
    // One sweep for what has a call of its own, two for what becomes a suspect first, one after a run that was stopped.
    for (let n = 0; n < 4; n += 1) await run('every_sync');
    for (const name of NAMES) {
      const kept = [...store]
        .filter(([key, { gone }]) => key.startsWith(`${name} `) && !gone)
        .map(([key]) => key.slice(name.length + 1));
      expect({ name, kept: kept.sort() }).toEqual({ name, kept: [...visible(name)].sort() });
    }
  } finally {
    await bench.stop();
  }
}

/** Fewer are missing in any history than a tenth of a table, or than the smallest memory can name: the guards have tests of their own. */
const RUNS = Number(process.env['DELETION_RUNS'] ?? 12);

test(`${RUNS} random histories: nothing that is there is buried, and in the end the store is what Ashby lists`, async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), play), {
    numRuns: RUNS,
    ...(process.env['DELETION_RUNS'] === undefined ? { seed: 20_261_124 } : {}),
  });
}, 900_000);
