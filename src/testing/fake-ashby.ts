import { AshbyClient } from '../ashby/client.ts';
import { RequestBudget } from '../http/budget.ts';
import type { SourceWorld } from '../sources/ask.ts';
import { newMeter } from '../ashby/client.ts';
import { FakeClock } from './fake-clock.ts';

export interface Asked {
  endpoint: string;
  body: Record<string, unknown>;
}

/** What the world of a source gets from this answer: the body of a success, or one that says why not. */
export type Answer = (asked: Asked) => unknown;

/** A refusal in Ashby's words. */
export function refused(code: string, message = ''): object {
  return { success: false, errorInfo: { code, message } };
}

/**
 * A source's world over a real client whose answers are given, on a clock that jumps. Nothing leaves the process.
 * `headers` are those of each answer.
 */
export function fakeAshby(answer: Answer, clock = new FakeClock(), headers: Record<string, string> = {}) {
  const asked: Asked[] = [];
  const warnings: string[] = [];
  const quiet = (): void => undefined;
  const client = new AshbyClient({
    baseUrl: 'https://ashby.example.com',
    apiKey: 'made-up-key',
    userAgent: 'test/1',
    budget: new RequestBudget({ requestsPerMinute: 60_000, clock }),
    clock,
    random: () => 0,
    debug: quiet,
    info: quiet,
    send: async ({ url, body }) => {
      const one = { endpoint: url.slice(url.lastIndexOf('/') + 1), body: JSON.parse(body) as Asked['body'] };
      asked.push(one);
      const given = await answer(one);
      return { status: 200, headers, body: Buffer.from(JSON.stringify(given)) };
    },
  });
  const world: SourceWorld = {
    client,
    meter: newMeter(),
    now: () => clock.now(),
    warn: (message) => void warnings.push(message),
  };
  return { world, client, clock, asked, warnings };
}
