import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { Bench } from './support/bench.ts';
import { Transcript } from './support/transcript.ts';

const root = new URL('../', import.meta.url).pathname;
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('the npm package', () => {
  let folder: string;
  let files: string[];
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.start({ scale: 10 });
    folder = mkdtempSync(join(tmpdir(), 'source-ashby-package-'));
    // The bundle is there: npm test builds it first.
    const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const [made] = JSON.parse(execFileSync('npm', words, { cwd: root, encoding: 'utf8' })) as {
      filename: string;
      files: { path: string }[];
    }[];
    files = (made?.files ?? []).map(({ path }) => path);
    execFileSync('tar', ['-xzf', join(folder, made?.filename ?? ''), '-C', folder]);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await bench.stop();
  });

  test('holds the program, what it reads and its licences, and nothing else', () => {
    const wanted = [
      ...['LICENSE', 'README.md', 'icon.svg', 'metadata.yaml', 'package.json', 'spec/spec.json'],
      ...['bin/container-entrypoint', 'bin/package.json', 'bin/source-ashby'],
      ...readdirSync(join(root, 'schemas')).map((name) => `schemas/${name}`),
    ];
    const bundle = files.filter((file) =>
      /^dist\/((main|chunk-\w+|[\w-]+-[A-Z0-9]{8})\.js|THIRD_PARTY_LICENSES\.txt)$/.test(file),
    );
    expect(files.filter((file) => !bundle.includes(file)).sort()).toEqual(wanted.sort());
    expect(bundle).toEqual(expect.arrayContaining(['dist/main.js', 'dist/THIRD_PARTY_LICENSES.txt']));
  });

  test('may be published, says where it comes from, and runs nothing when it is installed', () => {
    const {
      private: isPrivate,
      scripts,
      repository,
    } = JSON.parse(read('package.json')) as {
      private?: boolean;
      scripts: Record<string, string>;
      repository: { url: string };
    };
    expect(isPrivate).toBeUndefined();
    expect(repository.url).toContain('github.com/source-ashby/source-ashby');
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });

  test('reads where it is unpacked, far from the repository', async () => {
    const program = join(folder, 'package', 'bin', 'source-ashby');
    const config = await bench.file(bench.config);
    const { spawn } = await import('node:child_process');
    const child = spawn(process.execPath, [program, 'read', '--config', config, '--streams', 'jobs,brands'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...bench.env },
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(0);
    expect(Transcript.of(stdout).endings()).toEqual({ jobs: 'COMPLETE', brands: 'COMPLETE' });
  });
});

describe('the check of versions', () => {
  /** Runs it over a repository of five files. */
  function check(
    tag: string,
    changelog: string,
    version = '1.2.3',
  ): { status: number | null; stdout: string; stderr: string } {
    const folder = mkdtempSync(join(tmpdir(), 'source-ashby-release-'));
    mkdirSync(join(folder, 'scripts', 'release'), { recursive: true });
    copyFileSync(join(root, 'scripts/release/check.mjs'), join(folder, 'scripts/release/check.mjs'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }));
    writeFileSync(join(folder, 'metadata.yaml'), 'data:\n  dockerImageTag: 1.2.3\n');
    writeFileSync(join(folder, 'Dockerfile'), 'LABEL io.airbyte.name=x \\\n  io.airbyte.version=1.2.3\n');
    writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
    const done = spawnSync(process.execPath, ['scripts/release/check.mjs', tag], { cwd: folder, encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    return done;
  }
  const good =
    '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-01\n\n### Added\n\n- A table.\n\n## [0.1.0] - 2026-11-22\n\n- Old.\n';

  test('prints what the changelog says of the release', () => {
    expect(check('v1.2.3', good)).toMatchObject({ status: 0, stdout: '### Added\n\n- A table.\n' });
  });

  test.each<[string, string, string, string | undefined, RegExp]>([
    ['another tag', 'v1.2.4', good, undefined, /package\.json has version 1\.2\.3, the tag v1\.2\.4[\s\S]*Dockerfile/],
    ['another version in package.json', 'v1.2.3', good, '1.2.2', /^package\.json has version 1\.2\.2/],
    ['a changelog without the release', 'v1.2.3', good.replace('[1.2.3]', '[1.2.2]'), undefined, /no section/],
    [
      'entries that are unreleased',
      'v1.2.3',
      good.replace('[Unreleased]\n', '[Unreleased]\n\n- New.\n'),
      undefined,
      /"Unreleased"/,
    ],
    ['a release that says nothing', 'v1.2.3', good.replace('- A table.', ''), undefined, /says nothing/],
  ])('%s stops the release', (_name, tag, changelog, version, reason) => {
    const { status, stdout, stderr } = check(tag, changelog, version);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(reason);
  });

  test('the files that it looks at name the version where it looks for it', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const { stderr } = spawnSync(process.execPath, ['scripts/release/check.mjs', `v${version}`], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr).not.toMatch(/has version|no section/);
  });
});

interface Workflow {
  permissions: unknown;
  jobs: Record<string, { permissions?: Record<string, string>; steps: { uses?: string; run?: string }[] }>;
}

describe('the workflows', () => {
  const names = readdirSync(join(root, '.github/workflows'));
  const workflow = (name: string): Workflow => parse(read(`.github/workflows/${name}`)) as Workflow;

  test.each(names)('%s may only read unless a job needs more, and names each action by its commit', (name) => {
    const { permissions, jobs } = workflow(name);
    expect(permissions).toEqual({ contents: 'read' });
    const used = [...read(`.github/workflows/${name}`).matchAll(/uses: (\S+)(.*)/g)];
    expect(used.length).toBeGreaterThan(0);
    for (const [, action = '', behind = ''] of used) {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(behind).toMatch(/^ # v\d+\.\d+\.\d+$/); // for people, and for whoever proposes the next one
    }
    // What a pull request can say (titles, branches) never becomes a part of a script.
    for (const { steps } of Object.values(jobs)) for (const { run = '' } of steps) expect(run).not.toMatch(/\$\{\{/);
  });

  test('a release gives each job only what it publishes with', () => {
    const given = Object.entries(workflow('release.yml').jobs).map(([job, { permissions = {} }]) => [job, permissions]);
    expect(Object.fromEntries(given)).toEqual({
      test: {},
      npm: { contents: 'read', 'id-token': 'write' },
      image: { contents: 'read', packages: 'write', 'id-token': 'write' },
      notes: { contents: 'write' },
    });
  });
});
