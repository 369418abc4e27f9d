import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chown, mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/*
 * A Postgres of our own: a real server in a folder of its own, on a port of this machine, that can be killed.
 */

const call = promisify(execFile);

async function programs(): Promise<string> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const newest = versions.sort((a, b) => Number(a) - Number(b)).at(-1);
  return newest === undefined ? '' : `/usr/lib/postgresql/${newest}/bin/`;
}

/** Postgres refuses to run as root; Debian's package brings a user for it. */
async function asPostgres(program: string, args: readonly string[]): Promise<[string, string[]]> {
  const command = `${await programs()}${program}`;
  if (process.getuid?.() !== 0) return [command, [...args]];
  return ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', '--', command, ...args]];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Postgres {
  readonly #folder: string;
  readonly #port: number;
  #server: ChildProcess | undefined;
  #databases = 0;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
  }

  static async start(): Promise<Postgres> {
    const folder = await mkdtemp(join(tmpdir(), 'source-ashby-postgres-'));
    if (process.getuid?.() === 0) {
      const { stdout } = await call('id', ['-u', 'postgres']);
      await chown(folder, Number(stdout), 0);
    }
    const [command, args] = await asPostgres('initdb', [
      '-D',
      join(folder, 'data'),
      '-A',
      'trust',
      '-U',
      'postgres',
      '-E',
      'UTF8',
      '--no-locale',
    ]);
    await call(command, args, { cwd: '/' });
    const postgres = new Postgres(folder, await freePort());
    await postgres.run();
    return postgres;
  }

  /** Starts the server, also after a `kill`, and waits until it takes connections. */
  async run(settings: Record<string, string> = {}): Promise<void> {
    const options = {
      listen_addresses: '127.0.0.1',
      port: String(this.#port),
      unix_socket_directories: '',
      recovery_init_sync_method: 'syncfs', // a start after a crash is quicker that way
      ...settings,
    };
    const words = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const [command, args] = await asPostgres('postgres', ['-D', join(this.#folder, 'data'), ...words]);
    const server = spawn(command, args, { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      let log = '';
      server.once('exit', (code) => reject(new Error(`postgres ended (${code ?? 'signal'}):\n${log}`)));
      server.stderr.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-10_000);
        if (log.includes('database system is ready to accept connections')) resolve();
      });
    });
  }

  /** The server and all its processes are gone at once, as after a crash; `run` starts it again. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
    // The server's children notice within moments that their parent is gone; only then does it start again.
    while (await this.#anyAlive()) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Postgres's processes all work in its data folder. */
  async #anyAlive(): Promise<boolean> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
    return folders.some((folder) => folder.startsWith(this.#folder));
  }

  async stop(): Promise<void> {
    await this.#end('SIGINT');
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Makes an empty database and returns its address. */
  async database(): Promise<string> {
    const name = `inbox_${(this.#databases += 1)}`;
    await this.sql('postgres', `CREATE DATABASE ${name}`);
    return this.url(name);
  }

  url(database: string): string {
    return `postgres://postgres@127.0.0.1:${this.#port}/${database}`;
  }

  async sql(database: string, text: string): Promise<Record<string, unknown>[]> {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: this.url(database) });
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(text);
      return rows;
    } finally {
      await client.end();
    }
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  }
}
