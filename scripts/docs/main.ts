// Command: `npm run docs` makes what is generated anew, parts of the docs and whole files; with `-- --check` it only says what is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { files, regenerate } from './generate.ts';

const checkOnly = process.argv.includes('--check');
const root = new URL('../../', import.meta.url);
let stale = 0;
for (const file of files) {
  const address = new URL(file, root);
  const before = readFileSync(address, 'utf8');
  const after = regenerate(file, before);
  if (after === before) continue;
  stale += 1;
  console.log(checkOnly ? `${file} is stale: run npm run docs.` : `${file} was brought up to date.`);
  if (!checkOnly) writeFileSync(address, after);
}
if (stale === 0) console.log('All that is generated is up to date.');
else if (checkOnly) process.exitCode = 1;
