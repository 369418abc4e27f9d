import type { AshbyClient } from '../ashby/client.ts';
import { AshbyError } from '../ashby/envelope.ts';
import { permissionName } from '../ashby/permissions.ts';
import { deferred } from '../deferred.ts';
import { ConnectorError, Interrupted } from '../errors.ts';
import type { Clock } from '../http/clock.ts';
import type { ConfiguredStream } from '../protocol/catalog.ts';
import type { SyncMode } from '../protocol/messages.ts';
import type { Output } from '../protocol/output.ts';
import type { IncomingState } from '../protocol/state.ts';
import { isIncremental } from './definition.ts';
import { driftCheck } from './drift.ts';
import { pageSource } from './lists.ts';
import { runPass } from './pass.ts';
import { legsOf, shareLists, type Leg, type PassPlan } from './plan.ts';
import { reportRun, reportStream } from './report.ts';
import { Slots } from './slots.ts';
import { readStreamState, STATE_VERSION, type StreamState } from './state.ts';
import { isInterruption, StreamRun } from './stream-run.ts';
import { findStream, permissionsOf, streams } from './table.ts';

export interface ReadOptions {
  catalog: readonly ConfiguredStream[];
  state: IncomingState;
  client: AshbyClient;
  startDate: Date | undefined;
  output: Output;
  clock: Clock;
  loadSchema(stream: string): Record<string, unknown>;
  /** Given the streams under way, for news that concern all of them. */
  onStart?(runs: readonly StreamRun[]): void;
}

/** So many lists are walked at a time; each holds a page that is written and one that waits. */
const MOST_LISTS = 12;

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
  const { catalog, output, client, startDate, clock, state } = options;
  for (const warning of state.warnings) output.log('WARN', warning);
  const failures: Failure[] = [];
  const runs: StreamRun[] = [];
  for (const configured of catalog) {
    try {
      runs.push(streamRun(configured, options));
    } catch (thrown) {
      if (!(thrown instanceof ConnectorError)) throw thrown;
      output.log('ERROR', `${configured.name}: ${thrown.message}`);
      output.status(configured.name, 'INCOMPLETE');
      failures.push({ stream: configured.name, error: thrown });
    }
  }
  // In the order of the table, which has the longest lists first.
  runs.sort((a, b) => streams.indexOf(a.stream) - streams.indexOf(b.stream));
  options.onStart?.(runs);

  const startedAt = clock.elapsed();
  const legs = runs.flatMap((run) => legsOf(run, { client, startDate, now: () => clock.now() }));
  const slots = new Slots(() => Math.min(client.width + 2, MOST_LISTS));
  const legsDone = new Map<Leg, Promise<void>>();
  const passes = shareLists(legs).map((plan) => startPass(plan, slots, options, legsDone));
  let interrupted = false;
  const ends = runs.map(async (run) => {
    const rejected = await rejections(
      run,
      legs.filter((leg) => leg.run === run),
      legsDone,
    );
    const failure = rejected.find((reason) => !isInterruption(reason));
    if (failure !== undefined) failures.push({ stream: run.stream.name, error: run.fail(explained(run, failure)) });
    else if (rejected.length > 0) {
      interrupted = true;
      run.interrupt();
    } else run.complete();
    reportStream(run, output);
  });
  await Promise.all([...passes, ...ends]);

  reportRun(runs, failures.length, clock.elapsed() - startedAt, output);
  for (const { stream, error } of failures) {
    const { message, internalMessage, failureType } = error;
    const stack = error.cause instanceof Error && failureType === 'system_error' ? error.cause.stack : undefined;
    output.error({ message: `${stream}: ${message}`, internalMessage, failureType, stream, stack });
  }
  if (interrupted) return 'interrupted';
  return failures.length > 0 ? 'failed' : 'complete';
}

/**
 * Waits for a stream's lists and returns why some of them failed. A survey type that this Ashby does not know is
 * skipped, unless the stream has nothing else.
 */
async function rejections(
  run: StreamRun,
  legs: readonly Leg[],
  legsDone: ReadonlyMap<Leg, Promise<void>>,
): Promise<unknown[]> {
  const results = await Promise.allSettled(legs.map((leg) => legsDone.get(leg)));
  const failed = legs.flatMap((leg, index) => {
    const result = results[index];
    return result?.status === 'rejected' ? [{ leg, reason: result.reason as unknown }] : [];
  });
  const unknownTypes = failed.filter(({ leg, reason }) => leg.surveyType !== undefined && isBadRequest(reason));
  if (unknownTypes.length === legs.length) return failed.map(({ reason }) => reason);
  for (const { leg } of unknownTypes)
    run.info(`the survey type ${leg.surveyType ?? ''} is skipped: Ashby does not know it.`);
  return failed.filter((failure) => !unknownTypes.includes(failure)).map(({ reason }) => reason);
}

function isBadRequest(reason: unknown): boolean {
  return reason instanceof AshbyError && reason.kind === 'bad-request';
}

/** Starts one pass as soon as there is room, and tells of each of its legs, in `legsDone`, as soon as it has ended. */
async function startPass(
  plan: PassPlan,
  slots: Slots,
  options: ReadOptions,
  legsDone: Map<Leg, Promise<void>>,
): Promise<void> {
  const { client, clock } = options;
  const ends = plan.legs.map((leg) => {
    const end = deferred();
    legsDone.set(leg, end.promise);
    return { leg, end };
  });
  try {
    await slots.run(async () => {
      if (client.stopped) throw new Interrupted();
      const consumers = ends.map(({ leg, end }) => {
        leg.run.start();
        const consumer = leg.consumer();
        consumer.done.then(end.resolve, end.reject);
        return consumer;
      });
      const [first] = plan.legs;
      if (!first) return;
      const { meter } = first.run;
      const source = pageSource(plan.list, plan.surveyType, {
        client,
        meter,
        now: () => clock.now(),
        warn: (message) => first.run.warn(message),
      });
      await runPass(source, plan.start, consumers);
    });
  } catch (failure) {
    for (const { end } of ends) end.reject(failure); // those that have ended already keep their own end
  }
}

function streamRun(configured: ConfiguredStream, options: ReadOptions): StreamRun {
  const { output, clock, loadSchema, state } = options;
  const stream = findStream(configured.name);
  if (!stream) {
    throw new ConnectorError(
      `There is no stream "${configured.name}". Refresh the schema of the connection (discover lists the streams), or deselect it.`,
      {
        failureType: 'config_error',
      },
    );
  }
  if (configured.syncMode === undefined) {
    throw new ConnectorError(
      `The stream "${configured.name}" is configured with a sync mode that does not exist. Use full_refresh or incremental.`,
      {
        failureType: 'config_error',
      },
    );
  }
  let syncMode: SyncMode = configured.syncMode;
  if (syncMode === 'incremental' && !isIncremental(stream)) {
    output.log('INFO', `${stream.name}: Ashby offers no incremental form of this table; it is read whole.`);
    syncMode = 'full_refresh';
  }
  const drift = driftCheck(loadSchema(stream.name), (finding) => {
    output.log('WARN', `${stream.name}: Ashby sends ${finding}. It is passed on as it is.`);
  });
  return new StreamRun({ stream, syncMode, state: usableState(configured.name, state, output), output, clock, drift });
}

function usableState(stream: string, incoming: IncomingState, output: Output): StreamState {
  const nothing: StreamState = { version: STATE_VERSION, passes: {} };
  const read = readStreamState(incoming.streams.get(stream));
  if ('state' in read) return read.state;
  if ('problem' in read)
    output.log(
      'WARN',
      `${stream}: its state is ignored, because ${read.problem}. The table is read from the beginning.`,
    );
  return nothing;
}

/** A refusal in words that fit the stream: features that an account lacks are refused with codes that nobody lists. */
function explained(run: StreamRun, failure: unknown): unknown {
  if (!(failure instanceof AshbyError)) return failure;
  const mayBeFeature =
    failure.kind === 'unknown' ||
    failure.kind === 'not-found' ||
    failure.kind === 'bad-request' ||
    failure.kind === 'bad-key' ||
    failure.kind === 'unavailable';
  if (!run.stream.mayBeAbsent || !mayBeFeature) return failure;
  const needed = permissionsOf(run.stream).map(permissionName).join(' and ');
  return new ConnectorError(
    `Ashby does not offer this table to your account (${failure.code ?? 'unknown endpoint'}): it belongs to a paid or beta feature. Deselect it, or ask Ashby to enable the feature; the key then needs ${needed}.`,
    { failureType: 'config_error', internalMessage: failure.internalMessage, cause: failure },
  );
}
