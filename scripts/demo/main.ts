/** Command: `npm run demo`. What it does is in HELP. */

import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELP, requestOf } from './arguments.ts';
import { runConnector, stopAll } from './connector.ts';
import { chartOf, tableOf } from './picture.ts';
import { Progress } from './progress.ts';
import { makeReport } from './report.ts';
import { startSimulator, type RunningSimulator } from './simulator.ts';
import { Sources } from './sources.ts';
import { Tally } from './tally.ts';

/** How many applications the made-up Ashby has; everything else follows. */
const SCALE = 300;
const folder = new URL('../../demo-output/', import.meta.url).pathname;
const inFolder = (file: string): string => join(folder, file);
const configFile = inFolder('config.json');

class Failed extends Error {}

const say = (text = ''): void => void process.stdout.write(`${text}\n`);
const number = (value: number): string => value.toLocaleString('en-US');

/** A file that nobody else can read. */
function keep(file: string, content: unknown): void {
  writeFileSync(inFolder(file), `${JSON.stringify(content, null, 1)}\n`, { mode: 0o600 });
}

interface Surroundings {
  env: NodeJS.ProcessEnv;
  /** The made-up Ashby's address: the connector warns of it, and here it is the point. */
  simulatorUrl: string | undefined;
}

interface Command {
  args: readonly string[];
  /** Where its messages go. */
  file: string;
  tally?: Tally;
  /** Told while it runs. */
  progress?(): string;
}

async function command(
  { env, simulatorUrl }: Surroundings,
  { args, file, tally = new Tally(), progress }: Command,
): Promise<Tally> {
  const shown = progress && new Progress(progress);
  const { problem } = await runConnector({ args, env, file: inFolder(file), onLine: (line) => tally.take(line) });
  shown?.stop();
  for (const warning of tally.warnings) {
    if (simulatorUrl === undefined || !warning.includes(simulatorUrl)) say(`    ! ${warning}`);
  }
  for (const error of tally.errors) say(`    ✗ ${error}`);
  if (problem !== undefined) throw new Failed(`${args[0] ?? ''} ${problem}. Its messages are in demo-output/${file}.`);
  return tally;
}

/** Reads `tables` tables and answers how many seconds it took. */
async function read(
  around: Surroundings,
  { args, file, tally, tables }: Required<Omit<Command, 'progress'>> & { tables: number },
): Promise<number> {
  const startedAtMs = performance.now();
  const seconds = (): number => (performance.now() - startedAtMs) / 1000;
  const progress = (): string => {
    const now = tally.underWay.slice(0, 3).join(', ');
    return `    ${number(tally.records)} records, ${tally.done} of ${tables} tables done, ${seconds().toFixed(0)} s${now ? `; now ${now} …` : ''}`;
  };
  await command(around, { args: ['read', ...args], file, tally, progress });
  if (tally.done !== tables) throw new Failed(`read completed ${tally.done} of ${tables} tables.`);
  return seconds();
}

async function demo(key: string | undefined, simulator: RunningSimulator | undefined): Promise<void> {
  // The connector never finds the key in its environment, nor an address but the simulator's, or the user's own.
  const { ASHBY_API_KEY: _key, ASHBY_BASE_URL: override, ...rest } = process.env;
  const baseUrl = simulator?.url ?? override;
  const env = baseUrl === undefined ? rest : { ...rest, ASHBY_BASE_URL: baseUrl };
  const around = { env, simulatorUrl: simulator?.url };
  keep('config.json', {
    api_key: simulator?.apiKey ?? key,
    ...(simulator ? { requests_per_minute: 1_000_000 } : {}), // the made-up Ashby has no limit
  });
  const config = ['--config', configFile];

  say('spec: what the connector asks a user for');
  const spec = (await command(around, { args: ['spec'], file: 'spec.jsonl' })).answers[0]?.['spec'];
  say(`    ${Object.keys(spec.connectionSpecification.properties).join(', ')}`);

  say('check: does the key work?');
  const status = (await command(around, { args: ['check', ...config], file: 'check.jsonl' })).answers[0]?.[
    'connectionStatus'
  ];
  say(`    ${status.status}: ${status.message}`);
  if (status.status !== 'SUCCEEDED') throw new Failed('check did not succeed.');

  say('discover: what can be read?');
  const catalog = (await command(around, { args: ['discover', ...config], file: 'discover.jsonl' })).answers[0]?.[
    'catalog'
  ];
  const streams = (catalog.streams as { name: string; supported_sync_modes: string[] }[]).map((stream) => {
    const incremental = stream.supported_sync_modes.includes('incremental');
    return {
      stream,
      sync_mode: incremental ? 'incremental' : 'full_refresh',
      destination_sync_mode: incremental ? 'append_dedup' : 'overwrite',
    };
  });
  keep('catalog.json', { streams });
  say(
    `    ${streams.length} tables, ${streams.filter(({ sync_mode }) => sync_mode === 'incremental').length} of them incremental`,
  );

  say('read: everything');
  await simulator?.requests();
  const sources = new Sources();
  const tally = new Tally({ applications: sources.takeApplication, source_tracking_links: sources.takeLink });
  const selected = [...config, '--catalog', inFolder('catalog.json')];
  const seconds = await read(around, { args: selected, file: 'read.jsonl', tally, tables: streams.length });
  keep('state.json', [...tally.states.values()]);
  const tables = [...tally.tables.values()];
  const requests = await requestsOf(tally, simulator);
  say();
  const picture = await makeReport(folder, simulator ? 'A made-up account. Nobody in here exists.' : 'Your account.');
  say(picture.summary);
  say();
  say(chartOf(sources.counts(), process.stdout.columns || 80));
  say();
  say(tableOf(tables, { requests, seconds }));
  if (tables.some(({ shared }) => shared))
    say('shared: the list was read together with another table, at no request of its own');
  say();

  if (simulator) {
    const changed =
      (await simulator.alter('change', 'application.list', 3)) + (await simulator.alter('change', 'candidate.list', 2));
    const added = await simulator.alter('insert', 'candidate.list', 1);
    say(`read again, from the state, after ${changed} rows changed and ${added} was added`);
    const again = new Tally();
    const took = await read(around, {
      args: [...selected, '--state', inFolder('state.json')],
      file: 'read-again.jsonl',
      tally: again,
      tables: streams.length,
    });
    const incremental = streams.filter(({ sync_mode }) => sync_mode === 'incremental').map(({ stream }) => stream.name);
    const of = (name: string): number => again.tables.get(name)?.records ?? 0;
    const fresh = incremental.reduce((sum, name) => sum + of(name), 0);
    say(
      `    ${number(fresh)} new rows of ${incremental.length} incremental tables (candidates ${of('candidates')}, applications ${of('applications')}, and what hangs on them);`,
    );
    say(
      `    with the tables that are read whole, ${number(await requestsOf(again, simulator))} requests instead of ${number(requests)}, ${took.toFixed(1)} s instead of ${seconds.toFixed(1)} s`,
    );
    say();
  }
  say(
    `Look at it: open demo-output/report.html in a browser. It shows what the dbt package in dbt/ makes of the rows.`,
  );
  if (simulator) say('Your own account: ASHBY_API_KEY=… npm run demo -- --real');
  say(
    `The messages are in demo-output/${simulator ? '' : ', with real data about people: delete it when you are done'}.`,
  );
}

/** As the server counted them, or as the connector reported them. */
async function requestsOf(tally: Tally, simulator: RunningSimulator | undefined): Promise<number> {
  const reported = [...tally.tables.values()].reduce((sum, { requests }) => sum + (requests ?? 0), 0);
  const served = simulator ? await simulator.requests() : reported;
  if (served !== reported) throw new Failed(`The connector reported ${reported} requests, and ${served} arrived.`);
  return served;
}

async function main(): Promise<void> {
  const request = requestOf(process.argv.slice(2), process.env['ASHBY_API_KEY']);
  if (request.kind === 'help') return say(HELP.trimEnd());
  if (request.kind === 'refuse') {
    process.stderr.write(`${request.why}\n`);
    process.exitCode = 1;
    return;
  }
  // The key must not stay behind, however this ends.
  process.on('exit', () => rmSync(configFile, { force: true }));
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => {
      stopAll();
      process.exit(code);
    });
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  chmodSync(folder, 0o700);

  const simulator = request.key === undefined ? await startSimulator(SCALE) : undefined;
  say(
    simulator
      ? `A made-up Ashby with ${SCALE} applications runs at ${simulator.url}.`
      : 'Reading the account of the key in ASHBY_API_KEY.',
  );
  say();
  try {
    await demo(request.key, simulator);
  } catch (failure) {
    if (!(failure instanceof Failed)) throw failure;
    process.stderr.write(`The demo failed: ${failure.message}\n`);
    process.exitCode = 1;
  } finally {
    simulator?.stop();
  }
}

await main();
