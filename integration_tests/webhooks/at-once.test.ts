import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Ended } from '../support/process.ts';
import { STAMP, type Row, type StateMessage } from '../support/transcript.ts';
import { DELETED, dedupCatalog, InboxBench } from './inbox-bench.ts';

/* From the deletion in Ashby to the row that is gone in the destination, without anybody who starts it. */

const STREAMS = ['candidates', 'webhook_events'];

/** A destination that keeps of each key the row with the newest stamp, and none where that is a tombstone. */
class DedupStore {
  readonly #rows = new Map<unknown, Row>();

  apply({ out }: Ended): void {
    for (const { record } of out.messages) {
      if (record?.stream !== 'candidates') continue;
      const known = this.#rows.get(record.data['id']);
      if (!known || String(record.data[STAMP]) > String(known[STAMP])) this.#rows.set(record.data['id'], record.data);
    }
  }

  get ids(): unknown[] {
    return [...this.#rows.values()].filter((row) => row[DELETED] === undefined).map((row) => row['id']);
  }
}

const store = new DedupStore();
let bench: InboxBench;
let states: StateMessage[] = [];
let syncs = 0;
let ended: (sync: Ended) => void = () => undefined;

async function sync(): Promise<Ended> {
  const request = { streams: STREAMS, catalog: dedupCatalog(STREAMS), config: bench.config, state: states };
  const run = await bench.bench.read(request);
  store.apply(run);
  states = run.out.states(states);
  syncs += 1;
  return run;
}

/** What --notify calls: it starts a sync, as a platform does, and answers at once. */
const platform = createServer((_request, response) => {
  response.writeHead(202).end();
  void sync().then((run) => ended(run));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
  const { port } = platform.address() as AddressInfo;
  const call = { url: `http://127.0.0.1:${port}/`, method: 'POST', headers: {}, body: undefined };
  bench = await InboxBench.start({ scale: 60 }, { notify: { call, everyMs: 600_000 } });
  await sync();
});
afterAll(async () => {
  platform.close();
  await bench.stop();
});

test('a candidate that is deleted in Ashby starts a sync, which removes it from the destination, within ten seconds', async () => {
  const [candidate] = [...bench.sim.rows('candidate.list')].map((row) => row['id']);
  expect(store.ids).toContain(candidate);
  const before = store.ids.length;
  const started = new Promise<Ended>((resolve) => (ended = resolve));
  bench.sim.remove('candidate.list', [String(candidate)]);
  const run = await started;
  expect([run.code, syncs]).toEqual([0, 2]);
  expect(store.ids).not.toContain(candidate);
  expect(store.ids).toHaveLength(before - 1);
}, 10_000);
