/** The dbt package's models in a DuckDB of the demo's own, and the page made from them. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askDuckDb, withDuckDb } from '../report/database.ts';
import { figuresOf, type Ask } from '../report/figures.ts';
import { pageOf } from '../report/html.ts';
import { loadMessages } from '../report/load.ts';
import { MODEL_STREAMS } from '../report/streams.ts';

const MODELS = new URL('../report/models.sql', import.meta.url);

/** Reads `read.jsonl` of the folder, and writes `report.html` and `warehouse.duckdb` into it. */
export async function makeReport(folder: string, about: string): Promise<{ summary: string }> {
  return withDuckDb(join(folder, 'warehouse.duckdb'), async (connection) => {
    await loadMessages(connection, { file: join(folder, 'read.jsonl'), streams: MODEL_STREAMS });
    await connection.run(readFileSync(MODELS, 'utf8'));
    const ask = askDuckDb(connection);
    writeFileSync(join(folder, 'report.html'), pageOf(await figuresOf(ask), about), { mode: 0o600 });
    return { summary: await summaryOf(ask) };
  });
}

/** What there is to know at a glance, from the marts. */
export async function summaryOf(ask: Ask): Promise<string> {
  const [all] = await ask(`select cast(count(*) as double) as applications,
      cast(count(*) filter (where status = 'Hired') as double) as hires,
      cast(count(*) filter (where status in ('Active', 'Lead')) as double) as open,
      (select median(days) from ashby__durations where measure = 'time to hire') as days
    from ashby__applications`);
  const best = await ask(`select source, cast(hires as double) as hires, cast(applications as double) as applications
    from ashby__sources where tracking_links > 0 and hires > 0 order by hires desc, applications limit 3`);
  const days = all?.['days'];
  return [
    `${Number(all?.['applications'] ?? 0)} applications, ${Number(all?.['hires'] ?? 0)} hires, ${Number(all?.['open'] ?? 0)} still open.`,
    typeof days === 'number' ? `Half of the hires took ${Math.round(days)} days or less.` : 'Nobody was hired yet.',
    best.length > 0
      ? `Sources of tracking links that bring hires: ${best.map((row) => `${String(row['source'])} (${Number(row['hires'])} of ${Number(row['applications'])})`).join(', ')}.`
      : 'No tracking link led to a hire.',
  ].join('\n');
}
