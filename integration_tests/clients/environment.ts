/** What the clients need: Python environments with pinned packages, and an image of the connector where docker works. */

import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Each has `requirements/<name>.txt`; versions of clients that cannot live together live apart. */
const VENVS = { main: '3.11', meltano: '3.11', 'target-jsonl': '3.11', 'tap-airbyte': '3.10' } as const;
export type VenvName = keyof typeof VENVS;

/** What a part asks of an environment. */
interface Needs {
  venvs: readonly VenvName[];
  /** What the connector is for it. */
  form: 'executable' | 'image';
  docker?: boolean;
}

/** Something that is there, or the reason why not. */
export type Had<T> = { value: T } | { missing: string };

export const ROOT = new URL('../../', import.meta.url).pathname;
export const HERE = new URL('./', import.meta.url).pathname;
const PIP = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];

export class Environment {
  readonly folder = join(ROOT, '.clients');
  readonly logs = join(this.folder, 'logs');
  readonly #venvs = new Map<VenvName, Promise<Had<string>>>();
  #image: Promise<Had<string>> | undefined;
  #uv: string | undefined;

  /** Begins to make what these parts need, one after the other, and nothing else. */
  prepare(parts: readonly Needs[]): void {
    mkdirSync(this.logs, { recursive: true });
    const wanted = new Set(parts.flatMap(({ venvs }) => venvs));
    let before: Promise<unknown> = Promise.resolve();
    for (const name of Object.keys(VENVS) as VenvName[]) {
      if (!wanted.has(name)) continue;
      const venv = before.then(() => this.#makeVenv(name));
      this.#venvs.set(name, venv);
      before = venv;
    }
    if (parts.some(({ form, docker }) => form === 'image' || docker)) this.#image = this.#makeImage();
  }

  /** The folder with the programs of a Python environment. */
  venv(name: VenvName): Promise<Had<string>> {
    return this.#venvs.get(name) ?? Promise.resolve({ missing: `the Python environment ${name} was not asked for` });
  }

  /** The name of the image. */
  get image(): Promise<Had<string>> {
    return this.#image ?? Promise.resolve({ missing: 'no image was asked for' });
  }

  async #makeVenv(name: VenvName): Promise<Had<string>> {
    const log = join(this.logs, `setup ${name}.log`);
    const requirements = join(HERE, 'requirements', `${name}.txt`);
    const venv = join(this.folder, 'venvs', name);
    const stamp = join(venv, 'made-from');
    const python = findPython(VENVS[name]);
    if (python === undefined) return { missing: `no Python ${VENVS[name]} was found` };
    const hash = createHash('sha256').update(python).update(readFileSync(requirements)).digest('hex');
    const programs = join(venv, 'bin');
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return { value: programs };
    process.stdout.write(`         setting up ${name}\n`);
    rmSync(venv, { recursive: true, force: true });
    const steps: [string, string[]][] = [[python, ['-m', 'venv', venv]]];
    const uv = await this.#findUv(python);
    if (uv === undefined) steps.push([join(programs, 'python'), [...PIP, '-r', requirements]]);
    else steps.push([uv, ['pip', 'install', '--quiet', '--python', join(programs, 'python'), '-r', requirements]]);
    for (const [program, words] of steps) {
      const { ok, output } = await callLong(program, words);
      writeFileSync(log, output, { flag: 'a' });
      if (!ok)
        return { missing: `${program.split('/').at(-1)} could not set up ${name} (see ${log}): ${lastLine(output)}` };
    }
    writeFileSync(stamp, hash);
    return { value: programs };
  }

  /** uv installs in a third of pip's time; where it cannot be had, pip does. */
  async #findUv(python: string): Promise<string | undefined> {
    if (this.#uv !== undefined) return this.#uv;
    const tools = join(this.folder, 'venvs', 'tools');
    const uv = join(tools, 'bin', 'uv');
    if (!existsSync(uv)) {
      await callLong(python, ['-m', 'venv', tools]);
      await callLong(join(tools, 'bin', 'python'), [...PIP, '-r', join(HERE, 'requirements', 'tools.txt')]);
    }
    return (this.#uv = existsSync(uv) ? uv : undefined);
  }

  /** SOURCE_ASHBY_IMAGE names an image that is there already; else one is built. */
  async #makeImage(): Promise<Had<string>> {
    const given = process.env['SOURCE_ASHBY_IMAGE'];
    if (given) return { value: given };
    const dockerfile = join(ROOT, 'Dockerfile');
    if (!existsSync(dockerfile)) return { missing: 'there is no Dockerfile' };
    if (!call('docker', ['version']).ok) {
      const stages = new Set<string>();
      const bases: string[] = [];
      for (const [, base, stage] of readFileSync(dockerfile, 'utf8').matchAll(
        /^FROM\s+(?:--\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?/gim,
      )) {
        if (base && !stages.has(base)) bases.push(base.split('@')[0] ?? base);
        if (stage) stages.add(stage);
      }
      const setup = join(ROOT, '../shared/containers/setup');
      if (existsSync(setup)) await callLong(setup, bases);
    }
    if (!call('docker', ['version']).ok) return { missing: 'no docker engine answers' };
    process.stdout.write('         building the image\n');
    const image = 'source-ashby:clients';
    const { ok, output } = await callLong('docker', ['build', '-t', image, ROOT]);
    const log = join(this.logs, 'setup image.log');
    writeFileSync(log, output);
    return ok ? { value: image } : { missing: `docker build failed (see ${log}): ${lastLine(output)}` };
  }
}

/** A Python of that line: by its own name, among pyenv's, or the plain one. */
function findPython(line: string): string | undefined {
  const pyenv = process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv');
  const found = existsSync(join(pyenv, 'versions'))
    ? call('ls', [join(pyenv, 'versions')])
        .output.split('\n')
        .filter((version) => version.startsWith(`${line}.`))
        .map((version) => join(pyenv, 'versions', version, 'bin', 'python'))
    : [];
  return [...found, `python${line}`, 'python3', 'python'].find((python) => {
    const { ok, output } = call(python, ['-c', 'import sys, venv; print("%d.%d" % sys.version_info[:2])']);
    return ok && output.trim() === line;
  });
}

function call(program: string, words: readonly string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}

/** The same for what takes its time: others go on meanwhile. */
function callLong(program: string, words: readonly string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    execFile(program, words, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ ok: error === null, output: `${stdout}${stderr}${error?.message ?? ''}` });
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
