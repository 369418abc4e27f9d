import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';
import { pageOf } from '../../scripts/report/html.ts';

const call = promisify(execFile);
const CHROMIUM = '/usr/bin/chromium';
const PICTURES = new URL('../../.models/screenshots/', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'source-ashby-page-'));
afterAll(() => rmSync(folder, { recursive: true }));

const job = 'j1';
const figures = {
  jobs: [{ job, title: 'Baker </script>', department: 'Kitchen' }],
  applications: [
    { job, source: 'Meetup', links: 2, applications: 9, interviewed: 6, hires: 3, open: 1 },
    { job, source: 'Billboard', links: 1, applications: 40, interviewed: 2, hires: 0, open: 0 },
  ],
  funnel: [
    { job, stage: 'Review', place: 201, entered: 48, passed: 8 },
    { job, stage: 'Hired', place: 506, entered: 3, passed: 0 },
  ],
  stays: [
    { job, stage: 'Review', place: 201, days: 2.5, stays: 30 },
    { job, stage: 'Review', place: 201, days: 9.1, stays: 18 },
  ],
  hires: [
    { job, day: '2026-03-02', days: 31 },
    { job, day: '2026-07-02', days: 20 },
  ],
  offers: [{ job, answer: 'Accepted', offers: 3 }],
  interviewers: [{ job, interviewer: 'Galia Mossgather', interviews: 8, late: 2 }],
  openings: [{ job, opening: 'REQ-1', state: 'Filled', due: '2026-08-01', closed: '2026-07-02', backfill: 'false' }],
};

const browser = (args: readonly string[]): Promise<{ stdout: string; stderr: string }> =>
  call(
    CHROMIUM,
    ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--user-data-dir=${folder}/profile`, ...args],
    {
      maxBuffer: 64 * 1024 * 1024,
    },
  );
const where = existsSync(CHROMIUM) ? test : test.skip;
if (!existsSync(CHROMIUM)) process.stderr.write('Not run: the page in a browser. Install the package chromium.\n');

where('a browser draws every chart with a table of its figures, and no error', async () => {
  const file = join(folder, 'page.html');
  writeFileSync(file, pageOf(figures, 'Made up.'));
  const { stdout, stderr } = await browser(['--dump-dom', '--enable-logging=stderr', `file://${file}`]);
  expect(stdout.match(/<section/g)).toHaveLength(7);
  expect(stdout.match(/role="img"/g)).toHaveLength(7);
  expect(stdout.match(/<table/g)).toHaveLength(7);
  expect(stdout).toContain('49 applications, 3 hires (6 %), 1 still open');
  expect(stdout).toContain('3 of 9 (33 %)');
  expect(stdout).toContain('1 of 1 filled ones');
  expect(stderr).not.toMatch(/CONSOLE.*(?:Error|Refused)/);
});

where.each([
  ['wide', '1280,1800', 1],
  ['phone', '500,3000', 1],
  ['dark', '1280,1800', 0],
])('a picture of it is kept: %s', async (name, size, scheme) => {
  const file = join(folder, 'page.html');
  writeFileSync(file, pageOf(figures, 'Made up.'));
  mkdirSync(PICTURES, { recursive: true });
  const picture = join(PICTURES, `${name}.png`);
  rmSync(picture, { force: true });
  await browser([
    `--blink-settings=preferredColorScheme=${scheme}`,
    `--window-size=${size}`,
    `--screenshot=${picture}`,
    `file://${file}`,
  ]);
  expect(statSync(picture).size).toBeGreaterThan(20_000);
});
