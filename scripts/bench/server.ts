import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A server to read from: the simulator in a process of its own, or one that is already there. */
export interface Server {
  url: string;
  apiKey: string;
  /** Calls the simulator's control interface; undefined for any other server. */
  control?: (path: string, body: unknown) => Promise<unknown>;
  close(): void;
}

const simulator = new URL('../../integration_tests/simulator/main.ts', import.meta.url).pathname;

const samePage = new URL('same-page.mjs', import.meta.url).pathname;

/** Starts the simulator with command-line options such as `--scale 1000`. */
export function startServer(...options: string[]): Promise<Server> {
  return start(['--import', 'tsx', simulator, ...options]);
}

/** Starts a server whose lists have so many pages, all like the first one of the other server's, with a line separator in every row. */
export async function startSeparators({ url, apiKey }: Server, pages: number): Promise<Server> {
  const { control: _none, ...server } = await start([samePage, url, apiKey, String(pages)]);
  return server;
}

async function start(args: readonly string[]): Promise<Required<Server>> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the server ended with code ${code}`)));
  });
  const { url, apiKey } = JSON.parse(line) as { url: string; apiKey: string }; // the server's own first line
  return {
    url,
    apiKey,
    control: async (path, body) =>
      (
        await fetch(`${url}/_control/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json(),
    close: () => void child.kill(),
  };
}
