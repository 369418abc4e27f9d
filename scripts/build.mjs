// Bundles src/ into dist/: one small file to start from, and chunks that are loaded when a command needs them.
// Bundling is what keeps start-up short: yargs alone is dozens of files otherwise.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { licencesOf } from './licences.mjs';

const root = new URL('..', import.meta.url).pathname;
const { metafile, outputFiles } = await build({
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
  write: false,
  logLevel: 'warning',
  // libsql chooses its binary when it is loaded; scripts/externals.mjs puts it beside the bundle of an image. pg asks for
  // the other two only where somebody has installed them.
  external: ['libsql', 'libsql/promise', 'pg-native', 'pg-cloudflare'],
  // axios and ajv are CommonJS inside: their require of Node's own modules needs a require to call.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
const licences = await licencesOf(root, Object.keys(metafile.inputs));

// Written only now, so that a failed build leaves the last one, and the entry last, so that whoever starts the program
// meanwhile finds its chunks.
const dist = `${root}dist/`;
await mkdir(dist, { recursive: true });
const entryLast = [...outputFiles].sort(
  (a, b) => Number(a.path.endsWith('/main.js')) - Number(b.path.endsWith('/main.js')),
);
for (const { path, contents } of entryLast) await writeFile(path, contents);
await writeFile(`${dist}THIRD_PARTY_LICENSES.txt`, licences);
const current = new Set(['THIRD_PARTY_LICENSES.txt', ...outputFiles.map(({ path }) => basename(path))]);
for (const file of await readdir(dist)) if (!current.has(file)) await rm(`${dist}${file}`, { recursive: true });
