// Copies the packages that the bundle leaves outside, and what they depend on, into a folder: `node scripts/externals.mjs
// dist/node_modules`. libsql brings a binary for each platform; only those that run here on glibc or musl are copied.
import { cp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';

const externals = ['libsql'];

const root = new URL('..', import.meta.url).pathname;
const [target] = process.argv.slice(2);
if (!target) throw new Error('usage: node scripts/externals.mjs FOLDER');
const musl = !process.report.getReport().header.glibcVersionRuntime;

/** The folder of a package as `from` sees it; undefined where it is not installed, as an optional one may be. */
function folderOf(name, from) {
  for (const place of createRequire(join(from, 'package.json')).resolve.paths(name) ?? []) {
    const folder = join(place, name);
    try {
      createRequire(import.meta.url).resolve(join(folder, 'package.json'));
      return folder;
    } catch {
      // not in this node_modules; the next one up
    }
  }
  return undefined;
}

const copied = new Set();
async function take(name, from, optional) {
  const folder = folderOf(name, from);
  if (!folder && !optional) throw new Error(`${name} is not installed`);
  if (!folder || copied.has(folder) || (/musl/.test(name) !== musl && /^@libsql\/linux/.test(name))) return;
  copied.add(folder);
  // The same place below node_modules, so that every package finds the versions that it found here.
  await cp(folder, join(target, relative(join(root, 'node_modules'), folder)), {
    recursive: true,
    filter: (path) => path === folder || !relative(folder, path).split('/').includes('node_modules'),
  });
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  for (const dependency of Object.keys(dependencies))
    await take(dependency, folder, dependency in optionalDependencies);
  for (const dependency of Object.keys(optionalDependencies)) await take(dependency, folder, true);
}
for (const name of externals) await take(name, root, false);
console.log(`${[...copied].map((folder) => relative(join(root, 'node_modules'), folder)).join(', ')}`);
