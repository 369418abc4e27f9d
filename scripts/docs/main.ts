// Command: `npm run docs` makes the generated parts of the docs anew; with `-- --check` it only says what is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { generated, regenerate } from './generate.ts';

const checkOnly = process.argv.includes('--check');
const root = new URL('../../', import.meta.url);
let stale = 0;
for (const file of Object.keys(generated)) {
  const address = new URL(file, root);
  const before = readFileSync(address, 'utf8');
  const after = regenerate(file, before);
  if (after === before) continue;
  stale += 1;
  console.log(checkOnly ? `${file} is stale: run npm run docs.` : `${file} was brought up to date.`);
  if (!checkOnly) writeFileSync(address, after);
}
if (stale === 0) console.log('All generated parts are up to date.');
else if (checkOnly) process.exitCode = 1;
