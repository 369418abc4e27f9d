/*
 * Runs the connector once and keeps its rows and states as files. Runs in the connector's own image, which has node.
 *
 *   CONFIG     the connection form, default /secrets/config.json
 *   DATA       default /data: state.json, and rows/<time>/<table>.jsonl
 *   CONNECTOR  default /airbyte/bin/container-entrypoint
 */
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const {
  CONFIG = '/secrets/config.json',
  DATA = '/data',
  CONNECTOR = '/airbyte/bin/container-entrypoint',
} = process.env;
const path = (name) => `${DATA}/${name}`;

/** Runs a command of the connector; `each` is called for every message, one after the other. Answers the exit code. */
async function run(words, each) {
  const child = spawn(CONNECTOR, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity })) await each(JSON.parse(line));
  const [code, signal] = await ended;
  return signal ? 1 : code;
}

function log(message) {
  if (message.type === 'LOG') console.log(`${message.log.level} ${message.log.message}`);
  if (message.type === 'TRACE' && message.trace.error) console.log(`ERROR ${message.trace.error.message}`);
}

let streams;
const discovered = await run(['discover', '--config', CONFIG], (message) => {
  log(message);
  streams ??= message.catalog?.streams;
});
if (discovered !== 0) process.exit(discovered);
const catalog = streams.map((stream) => ({
  stream,
  sync_mode: stream.supported_sync_modes.includes('incremental') ? 'incremental' : 'full_refresh',
  destination_sync_mode: 'append',
}));
writeFileSync(path('catalog.json'), JSON.stringify({ streams: catalog }));
if (!existsSync(path('state.json'))) writeFileSync(path('state.json'), '[]');
const states = new Map(
  JSON.parse(readFileSync(path('state.json'), 'utf8')).map((state) => [state.stream.stream_descriptor.name, state]),
);

const folder = path(`rows/${new Date().toISOString().replaceAll(':', '-')}`);
mkdirSync(folder, { recursive: true });
const files = new Map();
const words = ['read', '--config', CONFIG, '--catalog', path('catalog.json'), '--state', path('state.json')];
const code = await run(words, async (message) => {
  log(message);
  if (message.type === 'STATE') states.set(message.state.stream.stream_descriptor.name, message.state);
  if (message.type !== 'RECORD') return;
  const { stream, data } = message.record;
  if (!files.has(stream)) files.set(stream, createWriteStream(`${folder}/${stream}.jsonl`));
  if (!files.get(stream).write(`${JSON.stringify(data)}\n`)) await once(files.get(stream), 'drain');
});
await Promise.all([...files.values()].map((file) => once(file.end(), 'close')));

// Load `folder` into your warehouse here, before the state moves on: if loading fails, the rows come again.

writeFileSync(path('state.next'), JSON.stringify([...states.values()]));
renameSync(path('state.next'), path('state.json'));
process.exitCode = code;
