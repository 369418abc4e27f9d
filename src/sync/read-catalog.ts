import type { AshbyClient } from '../ashby/client.ts';
import { AshbyError } from '../ashby/envelope.ts';
import { ConnectorError } from '../errors.ts';
import type { ConfiguredStream } from '../protocol/catalog.ts';
import { inboxTables } from '../tables/inbox/tables.ts';
import { liveKeys, offered } from '../tables/table.ts';
import { EVERYTHING } from '../sources/place.ts';
import { Burials } from './sweeps/burials.ts';
import { writeLiveKeys } from './sweeps/live-keys.ts';
import { RoomBook } from './sweeps/room-book.ts';
import { explain } from './explain.ts';
import { Graph } from './walks/graph.ts';
import { reportRun, reportStream } from './report.ts';
import { streamOf, type Lane, type Stream, type StreamWorld } from './stream.ts';
import { isInterruption } from './walks/walk.ts';

export interface ReadOptions extends Omit<StreamWorld, 'book' | 'listsKeys'> {
  catalog: readonly ConfiguredStream[];
  client: AshbyClient;
  /** Given the streams under way, for news that concern all of them. */
  onStart?(streams: readonly Stream[]): void;
}

/** How a read ended. An interrupted one has neither finished nor failed. */
export type Outcome = 'complete' | 'failed' | 'interrupted';

interface Failure {
  stream: string;
  error: ConnectorError;
}

/**
 * Reads the selected streams side by side. A failed stream never stops its siblings: it says so at once (LOG ERROR,
 * INCOMPLETE), and its TRACE ERROR follows when all have ended, since some readers stop at the first of them.
 */
export async function readCatalog(options: ReadOptions): Promise<Outcome> {
  const { catalog, output, client, startDate, protection, clock, state } = options;
  for (const warning of state.warnings) output.log('WARN', warning);
  const failures: Failure[] = [];
  const streams: Stream[] = [];
  const book = new RoomBook();
  const listsKeys = catalog.some(({ name }) => name === liveKeys.name);
  for (const configured of catalog) {
    try {
      streams.push(streamOf(configured, { ...options, book, listsKeys }));
    } catch (thrown) {
      if (!(thrown instanceof ConnectorError)) throw thrown;
      output.log('ERROR', `${configured.name}: ${thrown.message}`);
      output.status(configured.name, 'INCOMPLETE');
      failures.push({ stream: configured.name, error: thrown });
    }
  }
  // In the order of the table, which has the longest lists first.
  streams.sort((a, b) => indexOf(a) - indexOf(b));
  options.onStart?.(streams);

  const startedAt = clock.elapsed();
  const graph = new Graph({ client, startDate, protection, events: options.events, now: () => clock.now() });
  for (const { table, emitter, lanes, heed } of streams) {
    const { meter } = emitter;
    const say = { info: (text: string) => emitter.info(text), warn: (text: string) => emitter.warn(text) };
    for (const { surveyType, start, taker, sweep } of lanes) {
      graph.join({ table, surveyType, start }, { taker, meter, ...say, named: heed });
      if (sweep?.taker) graph.join({ table, surveyType, start: EVERYTHING }, { taker: sweep.taker, meter, ...say });
    }
  }
  const burials = new Burials(streams, { client, graph, now: () => clock.now() });
  let interrupted = false;
  const reading: { stream: Stream; failing: Promise<readonly unknown[]> }[] = [];
  // Living keys come last in the table: all that they wait for is under way by then.
  for (const stream of streams) {
    const failing = stream.table === liveKeys ? writeLiveKeys(stream, [...reading]) : failuresOf(stream, burials);
    reading.push({ stream, failing });
  }
  // Known as soon as Ashby has answered anything, or when there is nothing left that it could answer.
  const nothingLeft = Promise.allSettled(reading.map(({ failing }) => failing));
  const keyWorks = Promise.race([client.worked.then(() => true), nothingLeft.then(() => false)]);
  const ends = reading.map(async ({ stream: { emitter, table }, failing }) => {
    const reasons = await failing;
    const failure = reasons.find((reason) => !isInterruption(reason));
    if (failure !== undefined) {
      const error = emitter.fail(await explain(failure, table, keyWorks));
      failures.push({ stream: emitter.name, error });
    } else if (reasons.length > 0) {
      interrupted = true;
      emitter.interrupt();
    } else emitter.complete();
    reportStream(emitter, output);
  });
  await Promise.all([graph.run(), ...ends]);

  for (const { table, text } of protection?.told() ?? []) output.log('WARN', `${table}: ${text}`);
  const emitters = streams.map(({ emitter }) => emitter);
  reportRun({ emitters, failed: failures.length, elapsedMs: clock.elapsed() - startedAt }, output);
  for (const { stream, error } of failures) {
    const { message, internalMessage, failureType } = error;
    const stack = error.cause instanceof Error && failureType === 'system_error' ? error.cause.stack : undefined;
    output.error({ message: `${stream}: ${message}`, internalMessage, failureType, stream, stack });
  }
  if (interrupted) return 'interrupted';
  return failures.length > 0 ? 'failed' : 'complete';
}

const tables = [...offered, ...inboxTables];

function indexOf({ table }: Stream): number {
  return tables.findIndex(({ name }) => name === table.name);
}

/**
 * Waits for a stream's lists and returns why some of them failed. A survey type that was never read, and that this
 * Ashby does not know, is skipped, unless the stream has nothing else.
 */
async function failuresOf(stream: Stream, burials: Burials): Promise<unknown[]> {
  const { lanes, emitter } = stream;
  const results = await Promise.allSettled(lanes.map((lane) => burials.after(stream, lane)));
  const failed = lanes.flatMap((lane, index) => {
    const result = results[index];
    return result?.status === 'rejected' ? [{ lane, reason: result.reason as unknown }] : [];
  });
  const unknownTypes = failed.filter(({ lane, reason }) => isUnknownType(lane, reason));
  if (unknownTypes.length === lanes.length) return failed.map(({ reason }) => reason);
  for (const { lane } of unknownTypes)
    emitter.warn(`the survey type ${lane.surveyType ?? ''} is skipped: Ashby does not know it.`);
  return failed.filter((failure) => !unknownTypes.includes(failure)).map(({ reason }) => reason);
}

/** A token in the state, or a page, proves that Ashby knows the type: then the refusal is about something else. */
function isUnknownType({ surveyType, start, taker }: Lane, reason: unknown): boolean {
  return surveyType !== undefined && start.kind === 'everything' && !taker.began && isBadRequest(reason);
}

function isBadRequest(reason: unknown): boolean {
  return reason instanceof AshbyError && reason.kind === 'bad-request';
}
