import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { read } from './connector.ts';
import { measuredNode } from './measure.ts';
import { cpu, image, memory, schedule, shared, small, startUp, type BenchOptions, type Figure } from './sections.ts';
import { sweeps } from './sweeps.ts';

const HELP = `Usage: npm run bench -- [options]

Measures the connector against the simulator and prints a table. Every figure compares things of one run.

  --only a,b,…   sections: a cpu, b schedule, c neighbour, d start-up, e memory, f image, g sweeps (default: all)
  --runs N       runs for each figure (default 3)
  --quick        shorter lists, for a first look; not for docs/performance.md
  --write        also write the table into docs/performance.md
  --url ADDRESS  instead of all that: read everything once from a server that is there (key in ASHBY_API_KEY)

BENCH_NODE names another Node to run the measured programs on.
`;

const sections: Record<string, (options: BenchOptions) => Promise<Figure[]> | Figure[]> = {
  a: cpu,
  b: async (options) => [...(await small(options)), ...(await schedule(options))],
  c: shared,
  d: startUp,
  e: memory,
  f: image,
  g: sweeps,
};
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string' },
    quick: { type: 'boolean' },
    write: { type: 'boolean' },
    url: { type: 'string' },
    help: { type: 'boolean' },
  },
});

if (values.help) console.log(HELP);
else if (values.url !== undefined) await readOnce(values.url);
else await bench();

async function readOnce(url: string): Promise<void> {
  const apiKey = process.env['ASHBY_API_KEY'];
  if (apiKey === undefined) throw new Error('--url needs the API key in the environment variable ASHBY_API_KEY');
  const usage = await read({ url, apiKey, close: () => undefined }, { requestsPerMinute: 1_000 });
  console.log(
    `${usage.records} records in ${usage.wallSeconds.toFixed(1)} s, ${usage.cpuSeconds.toFixed(1)} s of CPU, ${usage.peakMb.toFixed(0)} MB at most.`,
  );
}

async function bench(): Promise<void> {
  const runs = Number(values.runs ?? 3);
  const chosen = values.only?.split(',') ?? Object.keys(sections);
  const figures: Figure[] = [];
  for (const name of chosen) {
    const section = sections[name];
    if (!section) throw new Error(`there is no section "${name}"; see --help`);
    figures.push(
      ...(await section({
        runs,
        quick: values.quick === true,
        progress: (line) => console.error(`[${name}] ${line} …`),
      })),
    );
  }
  const table = render(figures, runs);
  console.log(table);
  if (values.write) writeTable(table);
  if (figures.some(({ target }) => target && !target.met)) process.exitCode = 1;
}

function render(figures: readonly Figure[], runs: number): string {
  const rows = figures.map(
    ({ what, figure, target }) =>
      `| ${what} | ${figure} | ${target ? `${target.text}: ${target.met ? 'met' : '**missed**'}` : ''} |`,
  );
  const [model] = cpus();
  const version = spawnSync(measuredNode, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const machine = `${cpus().length} cores (${model?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${version}`;
  const kind = values.quick ? ' Short lists (--quick): no figures to quote.' : '';
  return [
    `Measured on ${machine}; median of ${runs} runs, in brackets the least and the most.${kind}`,
    '',
    '| measured | figure | target |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}

function writeTable(table: string): void {
  const file = new URL('../../docs/performance.md', import.meta.url);
  const [before, after] = ['<!-- bench -->', '<!-- /bench -->'];
  const text = readFileSync(file, 'utf8');
  const [start, end] = [text.indexOf(before), text.indexOf(after)];
  if (start < 0 || end < start) throw new Error('docs/performance.md has lost its markers');
  writeFileSync(file, `${text.slice(0, start + before.length)}\n${table}\n${text.slice(end)}`);
}
