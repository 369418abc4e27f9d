import { isSwept } from '../../src/tables/lineage.ts';
import { liveKeys, streams } from '../../src/tables/table.ts';
import { read } from './connector.ts';
import type { BenchOptions, Figure } from './sections.ts';
import { startServer } from './server.ts';

const STATES_AT_MOST = 300_000;

/** (g) What a sweep takes: two runs with the living keys of all tables that are swept, the second one beside changes. */
export async function sweeps({ quick, progress }: BenchOptions): Promise<Figure[]> {
  const select = [...streams.filter(isSwept), liveKeys].map(({ name }) => name);
  const figures: Figure[] = [];
  for (const rows of quick ? [20_000] : [100_000, 1_000_000]) {
    const server = await startServer('--scale', '1000', '--table', `candidate.list=${rows}`);
    const many = rows.toLocaleString('en-US');
    try {
      progress(`sweeps, ${many} candidates`);
      const first = await read(server, { select, incremental: true });
      await server.control?.('remove', { endpoint: 'candidate.list', count: 100 });
      await server.control?.('insert', { endpoint: 'candidate.list', count: 50 });
      const second = await read(server, { select, incremental: true, state: first.state });
      const chars = JSON.stringify(second.state).length;
      figures.push(
        {
          what: `first run and a later one with live_keys at ${many} candidates`,
          figure: `${first.wallSeconds.toFixed(0)} s and ${second.wallSeconds.toFixed(0)} s; peak memory ${first.peakMb.toFixed(0)} MB and ${second.peakMb.toFixed(0)} MB`,
        },
        {
          what: `states of the ${select.length - 1} tables that are swept, at ${many} candidates`,
          figure: `${(chars / 1000).toFixed(0)} KB`,
          target: { text: 'under 300 KB', met: chars < STATES_AT_MOST },
        },
      );
    } finally {
      server.close();
    }
  }
  return figures;
}
