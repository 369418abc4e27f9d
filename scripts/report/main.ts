/** Command: `npm run report`. */

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withDatabase } from './database.ts';
import { figuresOf } from './figures.ts';
import { pageOf } from './html.ts';

const HELP = `Usage: npm run report -- --database FILE.duckdb|postgres://… [--out FILE.html]

Writes one page of charts from the tables that the dbt package in dbt/ makes. The page holds everything it shows, so
share it as a file; it names interviewers and jobs, and no candidate.
`;

const { values } = parseArgs({
  options: { database: { type: 'string' }, out: { type: 'string', default: 'report.html' }, help: { type: 'boolean' } },
});
if (values.help || values.database === undefined) {
  process.stdout.write(HELP);
  process.exitCode = values.help ? 0 : 1;
} else {
  try {
    const figures = await withDatabase(values.database, figuresOf);
    writeFileSync(values.out, pageOf(figures, 'From the tables that the dbt package made.'), { mode: 0o600 });
    process.stdout.write(`${values.out} is written. Open it in a browser.\n`);
  } catch (failure) {
    const why = failure instanceof Error ? failure.message : String(failure);
    process.stderr.write(`No report: ${why}\nRun dbt build first, and give the database that it built in.\n`);
    process.exitCode = 1;
  }
}
