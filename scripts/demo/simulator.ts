/** The made-up Ashby, as a process of its own, so that it takes no time from whoever reads the connector's output. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';

const PROGRAM = new URL('../../integration_tests/simulator/main.ts', import.meta.url).pathname;

export interface RunningSimulator {
  url: string;
  apiKey: string;
  /** Requests since the last time that this was asked. */
  requests(): Promise<number>;
  /** Changes rows, or inserts some; answers how many. */
  alter(how: 'change' | 'insert', endpoint: string, count: number): Promise<number>;
  stop(): void;
}

export async function startSimulator(scale: number): Promise<RunningSimulator> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, '--scale', String(scale)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [first] = await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the simulator ended with code ${code}; try npm run simulator`);
    }),
  ]);
  const { url, apiKey } = JSON.parse(first) as { url: string; apiKey: string };
  const control = async (name: string, body: object = {}): Promise<unknown[]> => {
    const answer = await fetch(`${url}/_control/${name}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the simulator refused ${name}: ${await answer.text()}`);
    return (await answer.json()) as unknown[];
  };
  return {
    url,
    apiKey,
    requests: async () => {
      const { length } = await control('requests');
      await control('clear-requests');
      return length;
    },
    alter: async (how, endpoint, count) => (await control(how, { endpoint, count })).length,
    stop: () => void child.kill(),
  };
}
