/** Runs the connector as the acceptance tests do: the executable, or the image, as CLIENTS_CONNECTOR says. */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { PROGRAM } from '../../support/process.ts';
import { Transcript, type StateMessage } from '../../support/transcript.ts';
import type { CatalogStream } from './compatibility.ts';

export interface Ended {
  code: number | null;
  stderr: string;
  out: Transcript;
}

export class Connector {
  readonly sim: Simulator;
  readonly #folder = mkdtempSync(join(tmpdir(), 'source-ashby-'));
  #files = 0;

  private constructor(sim: Simulator) {
    this.sim = sim;
  }

  static async start(tables: Record<string, number> = {}): Promise<Connector> {
    return new Connector(await startSimulator({ scale: 150, tables }));
  }

  async stop(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
    await this.sim.close();
  }

  get config(): Record<string, unknown> {
    return { api_key: this.sim.keys.full, requests_per_minute: 1_000_000 };
  }

  check(config: unknown = this.config): Promise<Ended> {
    return this.run('check', '--config', this.#file(config));
  }

  discover(config: unknown = this.config): Promise<Ended> {
    return this.run('discover', '--config', this.#file(config));
  }

  read(o: { catalog: unknown; state?: readonly StateMessage[] | undefined; config?: unknown }): Promise<Ended> {
    const words = ['read', '--config', this.#file(o.config ?? this.config), '--catalog', this.#file(o.catalog)];
    return this.run(...words, ...(o.state ? ['--state', this.#file(o.state)] : []));
  }

  run(...words: string[]): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const program = process.env['CLIENTS_CONNECTOR'] ?? PROGRAM;
      const child = spawn(program, words, {
        env: { ...process.env, ASHBY_BASE_URL: this.sim.url },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stderr, out: Transcript.of(stdout) }));
    });
  }

  #file(content: unknown): string {
    const path = join(this.#folder, `${++this.#files}.json`);
    writeFileSync(path, JSON.stringify(content));
    return path;
  }
}

/** A configured catalog of these streams; those that know no incremental mode are read whole. */
export function configured(streams: readonly CatalogStream[], mode: 'full_refresh' | 'incremental'): object {
  return {
    streams: streams.map((stream) => ({
      stream,
      sync_mode: stream.supported_sync_modes.includes(mode) ? mode : 'full_refresh',
      destination_sync_mode: 'append',
    })),
  };
}

/** The streams of a discovery. */
export function streamsOf({ out }: Ended): CatalogStream[] {
  return out.catalogs().flatMap(({ streams }) => streams as unknown as CatalogStream[]);
}
