import { spawnSync } from 'node:child_process';
import { peakOfRead, read, spec } from './connector.ts';
import { inTurn, measure, spread, type Spread, type Usage } from './measure.ts';
import { startSeparators, startServer, type Server } from './server.ts';

/** One line of the table: what was measured, the figure, and what it is compared with. */
export interface Figure {
  what: string;
  figure: string;
  /** A target that the project has set itself, and whether this run met it. */
  target?: { text: string; met: boolean };
}

export interface BenchOptions {
  runs: number;
  /** Shorter lists, for a first look; the figures are marked as such. */
  quick: boolean;
  progress(line: string): void;
}

const number = (value: number, digits = 2): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
const withSpread = ({ median, least, most }: Spread, unit = '', digits = 2): string =>
  `${number(median, digits)}${unit} (${number(least, digits)} to ${number(most, digits)})`;

const floorProgram = new URL('./floor.mjs', import.meta.url).pathname;
const LARGE = ['candidates', 'applications'] as const;
const floorLists = [
  'candidates',
  JSON.stringify({ endpoint: 'candidate.list', body: {} }),
  'applications',
  JSON.stringify({ endpoint: 'application.list', body: { expand: ['openings'] } }),
];

/** (a) The connector's own cost: CPU beside a program that does the least that Node can do. */
export async function cpu({ runs, quick, progress }: BenchOptions): Promise<Figure[]> {
  const applications = quick ? 20_000 : 100_000;
  const server = await startServer('--scale', String(applications), '--table', `candidate.list=${applications}`);
  try {
    const [ours, floor] = await inTurn(
      runs,
      () => told(progress, 'connector', () => read(server, { select: LARGE })),
      () =>
        told(progress, 'floor program', () => measure([floorProgram, server.url, server.apiKey, ...floorLists], {})),
    );
    const per100k = (usage: Usage): number => (usage.cpuSeconds / usage.records) * 100_000;
    const ratio = spread(ours.map((usage, index) => per100k(usage) / per100k(floor[index] ?? usage)));
    const rows = ours[0]?.records ?? 0;
    const separated = await separators(server, rows / 200, { runs, progress });
    return [
      {
        what: `CPU seconds for each 100,000 records (${number(rows, 0)} candidates and applications, no latency)`,
        figure: withSpread(spread(ours.map(per100k))),
      },
      { what: 'the same for the floor program (fetch, parse, print)', figure: withSpread(spread(floor.map(per100k))) },
      {
        what: 'connector ÷ floor program, run by run',
        figure: withSpread(ratio),
        target: { text: 'at most 1.25', met: ratio.median <= 1.25 },
      },
      separated,
      {
        what: 'records a second, with the simulator on the same cores',
        figure: withSpread(spread(ours.map((usage) => usage.records / usage.wallSeconds)), '', 0),
      },
      {
        what: 'peak memory of the connector, beside the floor program',
        figure: `${withSpread(spread(ours.map((usage) => usage.peakMb)), ' MB', 0)}, ${withSpread(spread(floor.map((usage) => usage.peakMb)), ' MB', 0)}`,
      },
    ];
  } finally {
    server.close();
  }
}

/** The same ratio where every row holds a line separator, which is escaped in its bytes. */
async function separators(
  like: Server,
  pages: number,
  { runs, progress }: Pick<BenchOptions, 'runs' | 'progress'>,
): Promise<Figure> {
  const server = await startSeparators(like, pages);
  try {
    const [ours, floor] = await inTurn(
      runs,
      () => told(progress, 'connector, a separator in every row', () => read(server, { select: LARGE })),
      () =>
        told(progress, 'floor program', () => measure([floorProgram, server.url, server.apiKey, ...floorLists], {})),
    );
    const ratio = spread(ours.map((usage, index) => usage.cpuSeconds / (floor[index]?.cpuSeconds ?? NaN)));
    return {
      what: 'the same with a line separator in every row',
      figure: withSpread(ratio),
      target: { text: 'at most 1.25', met: ratio.median <= 1.25 },
    };
  } finally {
    server.close();
  }
}

interface Logged {
  endpoint: string;
  body: { surveyType?: string; jobBoardId?: string };
}

/** The wall time that limit and latency dictate: all requests at the limit, or the longest chain of pages. */
async function ideal(
  server: Server,
  requestsPerMinute: number,
  latencySeconds: number,
): Promise<{ seconds: number; requests: number }> {
  const log = (await server.control?.('requests', {})) as Logged[];
  const chains = new Map<string, number>();
  for (const { endpoint, body } of log) {
    if (!/\.list$/.test(endpoint) || endpoint === 'interviewStage.list') continue; // calls for each parent are no chain
    const chain = `${endpoint} ${body.surveyType ?? ''} ${body.jobBoardId ?? ''}`;
    chains.set(chain, (chains.get(chain) ?? 0) + 1);
  }
  const longest = Math.max(...chains.values()) * latencySeconds;
  return { seconds: Math.max((log.length / requestsPerMinute) * 60, longest), requests: log.length };
}

interface Statistics {
  maxRequestsInAnyMinute: number;
  throttled: number;
}

/** (b), (c) All tables under a request limit, beside the ideal schedule; then a run with 1 % changed. */
export async function schedule({ runs, quick, progress }: BenchOptions): Promise<Figure[]> {
  const [limit, latencyMs, scale] = [1_000, 150, quick ? 60 : 150];
  const ratios: number[] = [];
  const shares: number[] = [];
  const seconds: number[][] = [[], []];
  const figures: string[] = [];
  let most = 0;
  let throttled = 0;
  for (let run = 0; run < runs; run += 1) {
    const server = await startServer(
      '--scale',
      String(scale),
      '--latency-ms',
      String(latencyMs),
      '--requests-per-minute',
      String(limit),
    );
    try {
      const first = await told(progress, 'all tables under a limit', () =>
        read(server, { incremental: true, requestsPerMinute: limit }),
      );
      const best = await ideal(server, limit, latencyMs / 1000);
      ratios.push(first.wallSeconds / best.seconds);
      await server.control?.('clear-requests', {});
      for (const endpoint of [
        'application.list',
        'candidate.list',
        'job.list',
        'offer.list',
        'interviewSchedule.list',
      ]) {
        await server.control?.('change', { endpoint, fraction: 0.01 });
      }
      const second = await told(progress, 'the run after 1 % changed', () =>
        read(server, { incremental: true, requestsPerMinute: limit, state: first.state }),
      );
      const again = (await server.control?.('requests', {})) as Logged[];
      const statistics = (await server.control?.('statistics', {})) as Statistics;
      most = Math.max(most, statistics.maxRequestsInAnyMinute);
      throttled += statistics.throttled;
      shares.push(again.length / best.requests);
      seconds[0]?.push(first.wallSeconds);
      seconds[1]?.push(second.wallSeconds);
      figures.push(`${best.requests} requests, then ${again.length}`);
    } finally {
      server.close();
    }
  }
  const ratio = spread(ratios);
  return [
    {
      what: `wall time of all tables ÷ ideal schedule (${limit} requests a minute, ${latencyMs} ms latency; ${figures[0] ?? ''})`,
      figure: withSpread(ratio),
      target: { text: 'at most 1.10', met: ratio.median <= 1.1 },
    },
    {
      what: `most requests in any 60 seconds, with a limit of ${limit}`,
      figure: String(most),
      target: { text: `at most ${limit}`, met: most <= limit },
    },
    {
      what: 'answers "too many requests" provoked',
      figure: String(throttled),
      target: { text: 'none', met: throttled === 0 },
    },
    { what: 'requests of the run after 1 % changed ÷ those of the first run', figure: withSpread(spread(shares)) },
    {
      what: 'seconds of the first run, and of the run after 1 % changed',
      figure: `${withSpread(spread(seconds[0] ?? []), '', 1)}, ${withSpread(spread(seconds[1] ?? []), '', 1)}`,
    },
  ];
}

/** (b) A sync of fewer than 400 requests: what latency and the most requests in flight dictate. */
export async function small({ runs, progress }: BenchOptions): Promise<Figure[]> {
  const [limit, latencyMs, inFlight] = [1_000, 150, 24];
  const ratios: number[] = [];
  let requests = 0;
  for (let run = 0; run < runs; run += 1) {
    const server = await startServer(
      ...['--scale', '25', '--latency-ms', String(latencyMs), '--requests-per-minute', String(limit)],
    );
    try {
      const { wallSeconds } = await told(progress, 'a small sync', () =>
        read(server, { incremental: true, requestsPerMinute: limit }),
      );
      const best = await ideal(server, (inFlight / (latencyMs / 1000)) * 60, latencyMs / 1000);
      requests = best.requests;
      ratios.push(wallSeconds / best.seconds);
    } finally {
      server.close();
    }
  }
  const ratio = spread(ratios);
  return [
    {
      what: `wall time of a small sync ÷ what ${latencyMs} ms latency and ${inFlight} requests in flight dictate (all tables, ${requests} requests, start-up included)`,
      figure: withSpread(ratio),
      target: { text: 'at most 1.50', met: ratio.median <= 1.5 },
    },
  ];
}

/** (b) Another client uses half of the limit. */
export async function shared({ runs, quick, progress }: BenchOptions): Promise<Figure[]> {
  const [limit, scale] = [1_000, quick ? 60 : 170];
  const used: number[] = [];
  const minutes: number[] = [];
  let throttled = 0;
  for (let run = 0; run < Math.min(runs, quick ? 1 : 2); run += 1) {
    const server = await startServer(
      '--scale',
      String(scale),
      '--latency-ms',
      '150',
      '--requests-per-minute',
      String(limit),
      '--greedy-neighbour',
      '0.5',
    );
    try {
      const { wallSeconds } = await told(progress, 'half of the limit is used by somebody else', () =>
        read(server, { incremental: true, requestsPerMinute: limit }),
      );
      const log = (await server.control?.('requests', {})) as (Logged & { status: number })[];
      const answered = log.filter(({ status }) => status !== 429).length;
      used.push(answered / ((limit / 2) * (wallSeconds / 60)));
      minutes.push(wallSeconds / 60);
      throttled += log.length - answered;
    } finally {
      server.close();
    }
  }
  const share = spread(used);
  return [
    {
      what: `share used of what another client leaves, who takes half of ${limit} requests a minute (${number(spread(minutes).median, 1)} minutes, ${throttled} answers 429, no failure)`,
      figure: withSpread(share),
      target: { text: 'at least 0.85', met: share.median >= 0.85 },
    },
  ];
}

/** (d) Start-up. */
export async function startUp({ runs, progress }: BenchOptions): Promise<Figure[]> {
  progress('start-up');
  const nothing = new URL('./nothing.mjs', import.meta.url).pathname;
  const [ours, bare] = await inTurn(Math.max(runs, 5) * 3, spec, () => measure([nothing], {}));
  const cpuRatio = spread(ours.map((usage, index) => usage.wallSeconds / (bare[index]?.wallSeconds ?? NaN)));
  return [
    {
      what: '`spec` as a whole process ÷ an empty Node program',
      figure: `${withSpread(cpuRatio)}; ${number(spread(ours.map((usage) => usage.wallSeconds * 1000)).median, 0)} ms`,
      target: { text: 'at most 2.0', met: cpuRatio.median <= 2 },
    },
  ];
}

/** (e) Peak memory by size, and with a slow reader. */
export async function memory({ quick, progress }: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  const peaks = new Map<number, number>();
  for (const rows of quick ? [10_000, 50_000] : [10_000, 100_000, 1_000_000]) {
    const server = await startServer('--table', `candidate.list=${rows}`);
    const usage = await told(progress, `memory, ${rows} rows`, () => read(server, { select: ['candidates'] })).finally(
      () => server.close(),
    );
    peaks.set(rows, usage.peakMb);
    figures.push({
      what: `peak memory at ${number(rows, 0)} candidates`,
      figure: `${number(usage.peakMb, 0)} MB`,
      target: { text: 'under 150 MB', met: usage.peakMb < 150 },
    });
  }
  const [before, after] = [peaks.get(100_000), peaks.get(1_000_000)];
  if (before !== undefined && after !== undefined) {
    const growth = (after / before - 1) * 100;
    figures.push({
      what: 'growth from 100,000 to 1,000,000 rows',
      figure: `${number(growth, 1)} %`,
      target: { text: 'under 10 %', met: growth < 10 },
    });
  }
  for (const [name, reading] of [
    ['a reader that pauses', 'pauses'],
    ['a reader that takes 1 MB/s', { bytesPerSecond: 1_000_000 }],
  ] as const) {
    const server = await startServer('--scale', quick ? '1000' : name === 'a reader that pauses' ? '10000' : '3000');
    const usage = await told(progress, name, () => read(server, { reading })).finally(() => server.close());
    figures.push({
      what: `peak memory, all tables at once, ${name} (${number(usage.records, 0)} rows)`,
      figure: `${number(usage.peakMb, 0)} MB`,
      target: { text: 'under 150 MB', met: usage.peakMb < 150 },
    });
  }
  const rows = quick ? '20000' : '100000';
  const seconds = quick ? 20 : 60;
  const server = await startServer('--scale', rows, '--table', `candidate.list=${rows}`);
  const { peakMb, outputMb } = await told(progress, 'all tables, fan-outs that wait', () =>
    peakOfRead(server, seconds),
  ).finally(() => server.close());
  figures.push({
    what: `peak memory, all tables at once, ${number(Number(rows), 0)} candidates and as many applications, each waiting for its calls (within ${seconds} seconds, ${number(outputMb, 0)} MB of output)`,
    figure: `${number(peakMb, 0)} MB`,
    target: { text: 'under 150 MB', met: peakMb < 150 },
  });
  return figures;
}

/** (f) The image beside its base, where there is a docker. */
export function image({ progress }: BenchOptions): Figure[] {
  progress('image');
  const root = new URL('../..', import.meta.url).pathname;
  const docker = (...args: string[]): string | undefined => {
    const run = spawnSync('docker', args, { cwd: root, encoding: 'utf8' });
    return run.status === 0 ? run.stdout.trim() : undefined;
  };
  if (docker('build', '-q', '-t', 'source-ashby:bench', '.') === undefined)
    return [{ what: 'image size', figure: 'not measured: no docker' }];
  const size = (name: string): number => Number(docker('image', 'inspect', '--format', '{{.Size}}', name)) / 1e6;
  const [ours, base] = [size('source-ashby:bench'), size('node:24-bookworm-slim')];
  return [
    {
      what: 'image size beside its base, node:24-bookworm-slim',
      figure: `${number(ours, 0)} MB, ${number(base, 0)} MB (+${number(ours - base, 1)} MB)`,
    },
  ];
}

async function told<T>(progress: (line: string) => void, what: string, work: () => Promise<T>): Promise<T> {
  progress(what);
  return work();
}
