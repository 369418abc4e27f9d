/** Command: starts the simulator and prints its address and key as one JSON line. */

import { parseArgs } from 'node:util';
import { startSimulator, type SimulatorOptions } from './index.ts';

const HELP = `Usage: node --import tsx integration_tests/simulator/main.ts [options]

A fake Ashby on http://127.0.0.1. Prints {"url", "apiKey"} as one line when ready; ends on Ctrl-C or SIGTERM.

  --port N                  port to listen on (default: a free one)
  --seed N                  same seed, same data (default 1)
  --scale N                 number of applications; other tables follow (default 600)
  --table ENDPOINT=N        rows of one list, e.g. candidate.list=1000000 (repeatable)
  --key KEY                 the key that has every permission
  --latency-ms N            wait before every answer
  --requests-per-minute N   rate limit of a key; 0 means none (default 0)
  --greedy-neighbour SHARE  part of that limit, 0 to 1, that somebody else uses up
  --rate-limit-headers      send X-RateLimit-*
  --max-incremental-pages N pages of a sync-token pass before incremental_sync_too_large (default 200)
  --page-cache N            keep N serialised pages in memory
  --gzip                    compress answers for clients that accept it
  --off FEATURE             switch a feature off (repeatable): aiApplicationReview, fraudDetection, auditLogs,
                            notetaker, takeHomes, sequences, referrals
  --refuse PARAMETER        refuse a parameter as unknown (repeatable)
  --paged-job-postings      cut jobPosting.list into pages
  --openings-say-more       opening.list says moreDataAvailable
  --unpaged-say-more        so does every list without documented paging but jobPosting.list
  --help                    this text
`;

class UsageError extends Error {}

function number(
  name: string,
  text: string | undefined,
  o: { least: number; most?: number; whole?: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? NaN : Number(text);
  const fine =
    value >= o.least && value <= (o.most ?? Number.MAX_SAFE_INTEGER) && (o.whole === false || Number.isInteger(value));
  if (!fine)
    throw new UsageError(
      `--${name} needs a ${o.whole === false ? 'number' : 'whole number'} of at least ${o.least}${o.most === undefined ? '' : ` and at most ${o.most}`}, not "${text}".`,
    );
  return value;
}

function optionsOf(args: string[]): Partial<SimulatorOptions> | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const many = { type: 'string', multiple: true } as const;
  const { values } = parseArgs({
    args,
    strict: true,
    allowPositionals: false,
    options: {
      port: text,
      seed: text,
      scale: text,
      table: many,
      key: text,
      'latency-ms': text,
      'requests-per-minute': text,
      'greedy-neighbour': text,
      'rate-limit-headers': flag,
      'max-incremental-pages': text,
      'page-cache': text,
      gzip: flag,
      off: many,
      refuse: many,
      'paged-job-postings': flag,
      'openings-say-more': flag,
      'unpaged-say-more': flag,
      help: flag,
    },
  });
  if (values.help) return 'help';
  const tables: Record<string, number> = {};
  for (const entry of values.table ?? []) {
    const [endpoint = '', count] = entry.split('=');
    tables[endpoint] = number('table', count ?? '', { least: 1 }) ?? 1;
  }
  const features: Record<string, boolean> = {};
  const known = [
    'aiApplicationReview',
    'fraudDetection',
    'auditLogs',
    'notetaker',
    'takeHomes',
    'sequences',
    'referrals',
  ];
  for (const name of values.off ?? []) {
    if (!known.includes(name)) throw new UsageError(`--off knows ${known.join(', ')}, not "${name}".`);
    features[name] = false;
  }
  if (values.key !== undefined && values.key.length < 8) throw new UsageError('--key needs at least 8 characters.');
  const given = {
    port: number('port', values.port, { least: 0, most: 65535 }),
    seed: number('seed', values.seed, { least: 0 }),
    scale: number('scale', values.scale, { least: 1, most: 100_000_000 }),
    key: values.key,
    latencyMs: number('latency-ms', values['latency-ms'], { least: 0, whole: false }),
    requestsPerMinute: number('requests-per-minute', values['requests-per-minute'], { least: 0 }),
    greedyNeighbour: number('greedy-neighbour', values['greedy-neighbour'], { least: 0, most: 1, whole: false }),
    rateLimitHeaders: values['rate-limit-headers'],
    maxIncrementalPages: number('max-incremental-pages', values['max-incremental-pages'], { least: 1 }),
    pageCache: number('page-cache', values['page-cache'], { least: 0 }),
    gzip: values.gzip,
    refuseParameters: values.refuse,
    pagedJobPostings: values['paged-job-postings'],
    openingsSayMore: values['openings-say-more'],
    unpagedSayMore: values['unpaged-say-more'],
  };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...set, tables, features: features as unknown as SimulatorOptions['features'] }; // startSimulator adds the rest
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  if (options === 'help') return void process.stdout.write(HELP);
  const simulator = await startSimulator(options);
  process.stdout.write(JSON.stringify({ url: simulator.url, apiKey: simulator.keys.full }) + '\n');
  process.stderr.write(
    `A made-up Ashby answers at ${simulator.url}\n` +
      `Try: curl -s -u ${simulator.keys.full}: -H 'Content-Type: application/json' -H 'Accept: application/json; version=1' -d '{"limit":2}' ${simulator.url}/candidate.list\n`,
  );
  const end = (): void => void simulator.close().then(() => process.exit(0));
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nSee --help.\n`);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const usage =
    error instanceof UsageError ||
    code.startsWith('ERR_PARSE_ARGS') ||
    (error instanceof Error && error.message.startsWith('tables:'));
  process.exit(usage ? 2 : 1);
});
