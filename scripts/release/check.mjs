// Checks that a tag, package.json, metadata.yaml, the Dockerfile and the changelog speak of one version, and prints what the
// changelog says about it: `node scripts/release/check.mjs v1.2.3`. Exits with 1 and the reasons where they do not.
import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const read = (file) => readFileSync(new URL(file, root), 'utf8');
const [tag = ''] = process.argv.slice(2);
const version = tag.replace(/^v/, '');

const named = {
  'package.json': JSON.parse(read('package.json')).version,
  'metadata.yaml': /^ *dockerImageTag: *['"]?([^'"\s]+)/m.exec(read('metadata.yaml'))?.[1],
  Dockerfile: /io\.airbyte\.version=(\S+)/.exec(read('Dockerfile'))?.[1],
};
const wrong = Object.entries(named).flatMap(([file, found]) =>
  found === version ? [] : [`${file} has version ${found ?? 'none'}, the tag ${tag || '(none was given)'}`],
);
const sections = read('CHANGELOG.md').split(/^(?=## \[)/m);
const notes = sections.find((section) => section.startsWith(`## [${version}] - `));
if (!notes) wrong.push(`CHANGELOG.md has no section "## [${version}] - DATE"`);
else if (!/\n- /.test(notes)) wrong.push(`the section of ${version} in CHANGELOG.md says nothing`);
const unreleased = sections.find((section) => section.startsWith('## [Unreleased]')) ?? '';
if (/\n- /.test(unreleased)) wrong.push('CHANGELOG.md still has entries under "Unreleased"');

if (wrong.length > 0) {
  console.error(wrong.map((why) => `${why}.`).join('\n'));
  process.exit(1);
}
console.log(notes.split('\n').slice(1).join('\n').trim());
