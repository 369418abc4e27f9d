/** Command: writes docs/destinations.md; with --check it only says whether the file is up to date. */

import { readFileSync, writeFileSync } from 'node:fs';
import { page, PAGE } from './page.ts';

const wanted = page();
if (!process.argv.includes('--check')) writeFileSync(PAGE, wanted);
else if (readFileSync(PAGE, 'utf8') !== wanted) {
  process.stderr.write(
    'docs/destinations.md is stale: run node --import tsx integration_tests/clients/destinations/main.ts\n',
  );
  process.exitCode = 1;
}
