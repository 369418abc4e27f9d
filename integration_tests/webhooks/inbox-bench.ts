/** A simulator that posts its events to a receiver, and reads of the connector that ask both. */

import { Bench, type Read, type SimulatorSettings, type Surroundings } from '../support/bench.ts';
import { brokenRules, type StateMessage } from '../support/transcript.ts';
import type { ReceiverSettings } from '../../src/webhooks/serve.ts';
import { subscribedTypes } from '../../src/webhooks/subscribe/event-types.ts';
import { TOKEN, withFile } from './receiver.ts';
import { SECRET } from './sender.ts';

export const DELETED = '_ab_cdc_deleted_at';

/** A configured catalog for a destination that acts on tombstones. */
export function dedupCatalog(names: readonly string[]): object {
  return {
    streams: names.map((name) => ({
      stream: {
        name,
        json_schema: { type: 'object', properties: { id: {}, [DELETED]: {} } },
        supported_sync_modes: ['full_refresh', 'incremental'],
      },
      sync_mode: 'incremental',
      destination_sync_mode: 'append_dedup',
    })),
  };
}

export class InboxBench {
  readonly bench: Bench;
  readonly receiver: Awaited<ReturnType<typeof withFile>>;
  /** Of the last read. */
  state: StateMessage[] = [];

  private constructor(bench: Bench, receiver: Awaited<ReturnType<typeof withFile>>) {
    this.bench = bench;
    this.receiver = receiver;
  }

  /** Starts both, and registers the webhooks that `webhooks register` makes. */
  static async start(settings: SimulatorSettings = {}, receiver: Partial<ReceiverSettings> = {}): Promise<InboxBench> {
    const made = new InboxBench(await Bench.start(settings), await withFile(receiver));
    const url = `http://127.0.0.1:${made.receiver.port}/`;
    for (const type of subscribedTypes) await made.sim.webhooks.register({ type, url, secret: SECRET });
    return made;
  }

  get sim(): Bench['sim'] {
    return this.bench.sim;
  }

  get config(): Record<string, unknown> {
    return { webhook_inbox_url: `http://127.0.0.1:${this.receiver.pullPort}`, webhook_inbox_token: TOKEN };
  }

  /** Reads, once all deliveries have arrived, from the state of the last read. */
  async read(
    streams: readonly string[],
    { config = {}, ...surroundings }: Surroundings & { config?: Record<string, unknown> } = {},
  ): Promise<Read> {
    await this.sim.webhooks.idle();
    this.sim.clearRequests();
    const request = {
      streams,
      catalog: dedupCatalog(streams),
      config: { ...this.config, ...config },
      state: this.state,
    };
    const read = await this.bench.readHere(request, surroundings);
    const broken = brokenRules(read.out);
    if (broken.length > 0) throw new Error(broken.join('\n'));
    this.state = read.out.states(this.state);
    return read;
  }

  /** How often a list was walked from its beginning since the last read began. */
  walks(endpoint: string): number {
    const asked = this.sim.requests().filter((request) => request.endpoint === endpoint);
    return asked.filter(({ body }) => !/"(cursor|syncToken)"/.test(JSON.stringify(body))).length;
  }

  /** How often an endpoint was asked since the last read began. */
  asked(endpoint: string): number {
    return this.sim.requests().filter((request) => request.endpoint === endpoint).length;
  }

  async stop(): Promise<void> {
    await this.receiver.remove();
    await this.bench.stop();
  }
}

/** The keys that a read buried. */
export function buried({ out }: Read, stream: string, key = 'id'): string[] {
  const gone = out.rows(stream).filter((row) => typeof row[DELETED] === 'string');
  return gone.map((row) => String(row[key])).sort();
}

/** What a read warns of, but for where the simulator is. */
export function warnings({ out }: Read): string[] {
  return out.logs('WARN').filter((line) => !line.includes('ASHBY_BASE_URL'));
}
