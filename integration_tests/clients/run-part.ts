/** Runs one part: a simulator of its own, the client, and its output in a file. */

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { HERE, ROOT, type Environment, type Had } from './environment.ts';
import type { Part } from './parts.ts';
import { startWorld } from './world.ts';

export interface Outcome {
  part: Part;
  result: 'passed' | 'failed' | 'not run';
  /** The last words of the client's test runner, or why it was not run. */
  detail: string;
  /** Single tests that were not run. */
  remarks: string[];
  output: string;
  elapsedMs: number;
  log: string;
}

/** A part that takes longer is taken for stuck. */
const LIMIT_MS = 600_000;

export async function runPart(part: Part, environment: Environment): Promise<Outcome> {
  const venvs = await Promise.all(part.venvs.map((name) => environment.venv(name)));
  const image: Had<string> = part.docker || part.form === 'image' ? await environment.image : { missing: '' };
  const started = Date.now();
  const log = join(environment.logs, `${part.name.replace(/[^\w]+/g, '-')}.log`);
  const outcome = (rest: Pick<Outcome, 'result' | 'detail'> & Partial<Outcome>): Outcome => ({
    part,
    remarks: [],
    output: '',
    elapsedMs: Date.now() - started,
    log,
    ...rest,
  });
  const missing = venvs.find((had) => 'missing' in had);
  if (missing) return outcome({ result: 'not run', detail: missing.missing });
  const absent = part.programs?.find((program) => !isThere(program));
  if (absent !== undefined) return outcome({ result: 'not run', detail: `${absent} is not installed` });
  if (part.form === 'image' && 'missing' in image) return outcome({ result: 'not run', detail: image.missing });

  const work = join(environment.folder, 'work', part.name.replace(/[^\w]+/g, '-'));
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const world = await startWorld();
  const programs = venvs.flatMap((had) => ('value' in had ? [had.value] : []));
  const shims = part.docker || part.form === 'image' ? [join(HERE, 'shims')] : [];
  const path = process.env['PATH'] ?? '';
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: [...shims, ...programs.slice(0, 1), path].join(delimiter),
    ASHBY_BASE_URL: world.url,
    CLIENTS_API_KEY: world.apiKey,
    CLIENTS_TRUTH: world.truthUrl,
    CLIENTS_CONNECTOR: part.form === 'image' ? join(HERE, 'shims', 'source-ashby') : join(ROOT, 'bin', 'source-ashby'),
    CLIENTS_EXECUTABLE: join(ROOT, 'bin', 'source-ashby'),
    CLIENTS_FORM: part.form,
    CLIENTS_IMAGE: 'value' in image ? image.value : '',
    CLIENTS_REAL_PATH: path,
    CLIENTS_VENVS: join(environment.folder, 'venvs'),
    CLIENTS_WORK: work,
    // The clients' own habits: no telemetry, no look-ups in Airbyte's registry, no caches in the repository.
    AIRBYTE_OFFLINE_MODE: '1',
    DO_NOT_TRACK: '1',
    MELTANO_SEND_ANONYMOUS_USAGE_STATS: 'false',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
    NO_COLOR: '1',
    TZ: 'UTC',
  };
  const [program, words] = commandOf(part, programs[0]);
  try {
    const { code, output } = await run(program, words, env);
    writeFileSync(log, output);
    const lines = output.trim().split('\n');
    const remarks = skipped(lines);
    if (part.docker && 'missing' in image)
      remarks.push(`without an image (${image.missing}): a stand-in for docker ran the executable`);
    const summary =
      lines.findLast((line) => /\b\d+ (passed|failed|error)/.test(line))?.replace(/^[=\s]+|[=\s]+$/g, '') ?? '';
    const none = code === 0 && !/\b[1-9]\d* passed/.test(summary);
    return outcome({
      result: code === 0 && !none ? 'passed' : 'failed',
      detail: none ? 'no test was run' : summary,
      remarks,
      output,
    });
  } finally {
    await world.close();
  }
}

function isThere(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** What pytest says about tests that it left out, without the pairs of scenario and command that the CDK never runs. */
function skipped(lines: readonly string[]): string[] {
  const told = lines.filter((line) => line.startsWith('SKIPPED') && !line.includes('not run for scenario'));
  return [...new Set(told)].map((line) => line.replace(/^SKIPPED (\[\d+\] )?\S+ /, 'not run: '));
}

function commandOf({ runs }: Part, programs: string | undefined): [string, string[]] {
  if ('jest' in runs) {
    const jest = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
    return [process.execPath, [...jest, '--runInBand', '--config', runs.jest]];
  }
  if ('node' in runs) return [process.execPath, ['--import', 'tsx', ...runs.node]];
  const python = join(programs ?? '', 'python');
  const file = join(HERE, 'python', runs.pytest);
  return [
    python,
    [
      '-m',
      'pytest',
      '-q',
      '-rs',
      '-p',
      'no:cacheprovider',
      '--rootdir',
      join(HERE, 'python'),
      file,
      ...(runs.arguments ?? []),
    ],
  ];
}

function run(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let stuck = false;
    const limit = setTimeout(() => {
      stuck = true;
      child.kill('SIGKILL');
    }, LIMIT_MS);
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', (error) => {
      clearTimeout(limit);
      resolve({ code: 1, output: `${output}${error.message}\n` });
    });
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({
        code: stuck ? 1 : (code ?? 1),
        output: stuck ? `${output}\nstopped after ${LIMIT_MS / 1000} s\n` : output,
      });
    });
  });
}
