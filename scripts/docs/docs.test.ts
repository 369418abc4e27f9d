import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadSpec, packageVersion } from '../../src/assets.ts';
import { isIncremental } from '../../src/tables/lineage.ts';
import { offered, streams } from '../../src/tables/table.ts';
import { files, generated, madeWhole, regenerate } from './generate.ts';
import { notes } from './notes.ts';

const root = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');
const names = offered.map((stream) => stream.name).sort();

const notOurs = new Set(['node_modules', 'dist', 'coverage', 'demo-output', 'secrets']);

/** Every Markdown file of the repository; hidden folders hold what is fetched or made. */
function markdownFiles(folder = ''): string[] {
  return readdirSync(new URL(folder === '' ? '.' : folder, root), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || notOurs.has(entry.name) ? [] : markdownFiles(`${path}/`);
    }
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const withoutCode = (text: string): string => text.replace(/^ *```[\s\S]*?^ *```/gm, '');

const withoutComments = (text: string): string => text.replace(/<!--[\s\S]*?-->/g, '');

/** The anchors that GitHub makes of a file's headings. */
function anchorsOf(text: string): Set<string> {
  return new Set(
    [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{Letter}\p{Number}_ -]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

interface Link {
  from: string;
  target: string;
}

function relativeLinks(): Link[] {
  return markdownFiles().flatMap((from) =>
    [...withoutCode(read(from)).matchAll(/\]\(([^()\s]+)\)/g)]
      .map(([, target = '']) => ({ from, target }))
      .filter(({ target }) => !/^[a-z]+:/.test(target)),
  );
}

/** Why a link leads nowhere; undefined where it does not. */
function deadEnd({ from, target }: Link): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : posix.normalize(posix.join(dirname(from), path));
  if (file.startsWith('..') || !existsSync(new URL(file, root))) return `${from} links to ${target}: no such file`;
  if (anchor === undefined || anchorsOf(read(file)).has(anchor)) return undefined;
  return `${from} links to ${target}: no such heading`;
}

function sourceText(): string {
  return readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => read(`src/${file}`))
    .join('\n');
}

/** First cells of the rows of a table, without marks. */
const firstCells = (part: string): string[] =>
  [...part.matchAll(/^\| \[`([a-z_]+)`\]/gm)].map(([, name = '']) => name).sort();

describe('what is generated', () => {
  test.each(files)('%s is what the table of streams makes of it', (file) => {
    // A difference here means: run npm run docs.
    expect(read(file)).toBe(regenerate(file, read(file)));
  });

  test('a marker that nothing makes, or a part without a marker, is an error', () => {
    const marked = '<!-- generated: streams -->\n<!-- /generated -->';
    const file = 'docs/streams.md';
    expect(() => regenerate(file, `${marked}${marked.replace('streams', 'unheard-of')}`)).toThrow('unheard-of');
    expect(() => regenerate(file, `${marked}${marked}`)).toThrow('twice');
    expect(() => regenerate(file, '')).toThrow('no marker');
  });

  test('a part within a line stays within it, one in lines of its own keeps them', () => {
    const text = 'All <!-- generated: count -->0 tables<!-- /generated -->, of which\n<!-- generated: tables -->\n\nold\n\n<!-- /generated -->\n';
    const made = regenerate('README.md', text);
    expect(made).toContain(`All <!-- generated: count -->${String(names.length)} tables<!-- /generated -->, of which\n`);
    expect(made).toMatch(/<!-- generated: tables -->\n\n\| Table [\s\S]*\|\n\n<!-- \/generated -->\n$/);
    expect(regenerate('README.md', made)).toBe(made);
  });

  test('a file is made in parts or whole, not both', () => {
    expect(Object.keys(madeWhole).filter((file) => file in generated)).toEqual([]);
  });

  test('every table is listed once in the README, in docs/ashby.md and as a section of docs/streams.md', () => {
    expect(firstCells(read('README.md'))).toEqual(names);
    expect(firstCells(read('docs/ashby.md'))).toEqual(names);
    const sections = [...read('docs/streams.md').matchAll(/^### ([a-z_]+)$/gm)].map(([, name = '']) => name);
    expect(sections.sort()).toEqual(names);
  });

  test('the README says how many tables there are', () => {
    expect(withoutComments(read('README.md'))).toContain(` ${String(names.length)} tables, among them`);
  });

  test('every remark is about a table that exists', () => {
    expect(Object.keys(notes).filter((name) => !names.includes(name))).toEqual([]);
  });
});

test('integration_tests/configured_catalog.json selects every table that Ashby has, incremental where it can be', () => {
  const { streams: entries } = JSON.parse(read('integration_tests/configured_catalog.json')) as {
    streams: { stream: { name: string }; sync_mode: string }[];
  };
  expect(entries.map((entry) => [entry.stream.name, entry.sync_mode]).sort()).toEqual(
    streams.map((stream) => [stream.name, isIncremental(stream) ? 'incremental' : 'full_refresh']).sort(),
  );
});

describe('the texts', () => {
  test('every relative link leads to a file and a heading that exist', () => {
    const links = relativeLinks();
    expect(links.length).toBeGreaterThan(60);
    expect(links.map(deadEnd).filter((why) => why !== undefined)).toEqual([]);
  });

  test.each(Object.keys(loadSpec().connectionSpecification['properties'] as object))(
    'the field %s of the connection form is in the tables of the README and of docs/ashby.md',
    (field) => {
      expect(read('README.md')).toMatch(new RegExp(`^\\| \`${field}\` \\|`, 'm'));
      expect(read('docs/ashby.md')).toContain(`(\`${field}\`)`);
    },
  );

  test("docs/ashby.md has Airbyte's headings in Airbyte's order", () => {
    const headings = [...read('docs/ashby.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      'Prerequisites',
      'Setup guide',
      'Supported sync modes',
      'Supported streams',
      'Limitations & Troubleshooting',
      'Changelog',
    ]);
  });

  test('the release in package.json is in both changelogs', () => {
    const version = packageVersion();
    expect(read('docs/ashby.md')).toContain(`| ${version} |`);
    expect(read('CHANGELOG.md')).toContain(`## [${version}]`);
  });

  test('every script that CONTRIBUTING.md, AGENTS.md and the README name exists', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = ['CONTRIBUTING.md', 'AGENTS.md', 'README.md'].flatMap((file) =>
      [...read(file).matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name),
    );
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });

  test('every message that docs/ashby.md explains is one that the connector has', () => {
    const [, part = ''] = /### What the messages mean\n([\s\S]*?)\n### /.exec(read('docs/ashby.md')) ?? [];
    const quoted = [...part.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)]);
    const pieces = quoted.flatMap(([, message = '']) => message.split('…').map((piece) => piece.trim()));
    const source = sourceText();
    expect(pieces.length).toBeGreaterThan(20);
    expect(pieces.filter((piece) => !source.includes(piece))).toEqual([]);
  });

  test('the examples of states in docs/state.md are states that the connector takes', async () => {
    const { readStreamState } = await import('../../src/sync/state/state.ts');
    const examples = [...read('docs/state.md').matchAll(/```json\n(\{\s+"version"[\s\S]*?)```/g)].map(
      ([, text = '']) => JSON.parse(text) as unknown,
    );
    expect(examples).toHaveLength(10);
    for (const example of examples) expect(readStreamState(example)).toHaveProperty('state');
  });
});
