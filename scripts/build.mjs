// Bundles src/ into dist/: one small file to start from, and chunks that are loaded when a command needs them.
// Bundling is what keeps start-up short: yargs alone is dozens of files otherwise.
import { rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { licencesOf } from './licences.mjs';

const root = new URL('..', import.meta.url).pathname;
await rm(`${root}dist`, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunk-[hash]',
  legalComments: 'inline',
  metafile: true,
  logLevel: 'warning',
  // axios and ajv are CommonJS inside: their require of Node's own modules needs a require to call.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
await writeFile(`${root}dist/THIRD_PARTY_LICENSES.txt`, await licencesOf(root, Object.keys(metafile.inputs)));
