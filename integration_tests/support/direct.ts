/**
 * Reads from the simulator without HTTP in between, several times faster: for tests that count many requests and
 * look at nothing on the wire.
 */

import { PassThrough } from 'node:stream';
import { Api } from '../simulator/answer.ts';
import { makeData } from '../simulator/data/index.ts';
import { defaultOptions } from '../simulator/index.ts';
import { AshbyClient } from '../../src/ashby/client.ts';
import { loadSchema } from '../../src/assets.ts';
import { RequestBudget } from '../../src/http/budget.ts';
import type { Send } from '../../src/http/transport.ts';
import { parseCatalog } from '../../src/protocol/catalog.ts';
import { Output } from '../../src/protocol/output.ts';
import { parseState } from '../../src/protocol/state.ts';
import { LineWriter } from '../../src/protocol/writer.ts';
import { readCatalog, type Outcome } from '../../src/sync/read-catalog.ts';
import { hurriedClock } from './bench.ts';
import { catalogOf, type Mode } from './catalog.ts';
import { Transcript, type StateMessage } from './transcript.ts';

export class Direct {
  requests = 0;
  readonly #data: ReturnType<typeof makeData>;
  readonly #api: Api;
  readonly #key: string;

  constructor(settings: { scale: number; tables?: Record<string, number> }) {
    const options = { ...defaultOptions(), ...settings };
    this.#key = options.key;
    this.#data = makeData(options);
    this.#api = new Api(this.#data, options);
  }

  /** Gives this share of a list's rows a new version, spread over the list. Returns how many. */
  change(endpoint: string, fraction: number): number {
    const listing = this.#api.listings.get(endpoint);
    if (!listing) throw new Error(`${endpoint} is no list`);
    const state = this.#data.world.state(listing.table);
    const count = Math.round(state.live * fraction);
    for (let n = 0; n < count; n++) state.change(Math.floor((n * state.size) / count));
    return count;
  }

  async read(
    streams: readonly string[],
    state?: readonly StateMessage[],
    mode?: Mode,
  ): Promise<{ outcome: Outcome; out: Transcript }> {
    const sink = new PassThrough();
    const chunks: string[] = [];
    sink.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
    const writer = new LineWriter(sink);
    const clock = hurriedClock();
    const outcome = await readCatalog({
      catalog: parseCatalog(catalogOf(streams, mode)),
      state: parseState(state),
      client: new AshbyClient({
        baseUrl: 'http://simulator',
        apiKey: this.#key,
        userAgent: 'test',
        send: this.#send,
        budget: new RequestBudget({ requestsPerMinute: 100_000_000, clock }),
        clock,
        random: () => 0.5,
        debug: () => undefined,
        info: () => undefined,
      }),
      startDate: undefined,
      reports: [],
      findDeleted: { often: 'weekly', chosen: false },
      customFieldColumns: true,
      output: new Output({ writer, redact: (text) => text, now: () => clock.now(), debug: false }),
      clock,
      loadSchema,
    });
    await writer.flush();
    sink.end();
    await new Promise((resolve) => sink.once('end', resolve));
    return { outcome, out: Transcript.of(chunks.join('')) };
  }

  readonly #send: Send = ({ url, headers, body: question }) => {
    this.requests += 1;
    const answer = this.#api.answer({
      endpoint: url.slice('http://simulator/'.length),
      method: 'POST',
      headers,
      text: question,
      requestId: 'direct',
    });
    const parts = answer.page ? [answer.text, answer.page.rows, answer.page.end] : [answer.text];
    const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
    return Promise.resolve({ status: answer.status, headers: {}, body });
  };
}
