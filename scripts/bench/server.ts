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

/** Starts the simulator with command-line options such as `--scale 1000`. */
export async function startServer(...options: string[]): Promise<Server> {
  const child = spawn(process.execPath, ['--import', 'tsx', simulator, ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the simulator ended with code ${code}`)));
  });
  const { url, apiKey } = JSON.parse(line) as { url: string; apiKey: string }; // the simulator's own first line
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
