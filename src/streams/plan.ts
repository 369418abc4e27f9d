import { ASHBY_VERSION, type AshbyClient } from '../ashby/client.ts';
import type { Row } from '../ashby/envelope.ts';
import { ChildConsumer } from './child-consumer.ts';
import { ChildReader } from './child-reader.ts';
import { listBody } from './lists.ts';
import type { Consumer } from './pass.ts';
import { fingerprint, type PassState, type Position } from './state.ts';
import type { StreamRun } from './stream-run.ts';
import { listOf, type ListStream } from './table.ts';
import { embeddedRows, TableConsumer, type RowsOf } from './table-consumer.ts';

/** One list that one stream lives on: most streams have one, survey tables one for each survey type. */
export interface Leg {
  run: StreamRun;
  list: ListStream;
  surveyType: string | undefined;
  start: Position;
  /** Starts the consumer. */
  consumer(): Consumer;
}

/** Legs that start from the same place in the same list: one walk serves them all. */
export interface PassPlan {
  list: ListStream;
  surveyType: string | undefined;
  start: Position;
  legs: Leg[];
}

export interface PlanWorld {
  client: AshbyClient;
  startDate: Date | undefined;
  /** Wall-clock milliseconds. */
  now(): number;
}

const EVERYTHING: Position = { from: null, cursor: null };

/** The legs of one stream: where each starts, and what its state will be about. */
export function legsOf(run: StreamRun, world: PlanWorld): Leg[] {
  const list = listOf(run.stream);
  const surveyTypes = list.list.surveyTypes ?? [undefined];
  const legs = surveyTypes.map((surveyType) => leg(run, list, surveyType, world));
  run.keepPasses(surveyTypes.map((surveyType) => surveyType ?? 'all'));
  return legs;
}

function leg(run: StreamRun, list: ListStream, surveyType: string | undefined, world: PlanWorld): Leg {
  const { stream } = run;
  const key = surveyType ?? 'all';
  const filter = list.list.startDateApplies && world.startDate ? createdSince(world.startDate) : undefined;
  const shape = fingerprint({
    endpoint: list.list.endpoint,
    body: listBody(list.list, surveyType),
    apiVersion: ASHBY_VERSION,
    startDate: filter ? world.startDate?.toISOString() : undefined,
    child: stream.strategy === 'child' ? { endpoint: stream.endpoint, body: stream.body ?? {} } : undefined,
  });
  const start = startOf(run, key, shape);
  const rowsOf: RowsOf = (rows) => (filter ? rows.filter(filter) : rows);
  const consumer = (): Consumer => {
    const common = { run, key, fingerprint: shape, start };
    if (stream.strategy === 'embedded') return new TableConsumer({ ...common, rowsOf: embeddedRows(stream) });
    if (stream.strategy !== 'child') return new TableConsumer({ ...common, rowsOf });
    return new ChildConsumer({
      ...common,
      stream,
      rowsOf,
      reader: new ChildReader(run, stream, world.client, world.now),
    });
  };
  // A pass over parents without tokens always covers the whole list; `start` then only tells how much is remembered.
  const walkFrom = list.strategy === 'snapshot' ? EVERYTHING : start;
  return { run, list, surveyType, start: walkFrom, consumer };
}

/** Rows without a creation time stay: leaving out what cannot be judged would lose it. */
function createdSince(startDate: Date): (row: Row) => boolean {
  const startMs = startDate.getTime();
  return (row) => {
    const createdMs = typeof row['createdAt'] === 'string' ? Date.parse(row['createdAt']) : NaN;
    return Number.isNaN(createdMs) || createdMs >= startMs;
  };
}

/** Where the stream starts reading, by its mode and by what is remembered; says how and why for the report. */
function startOf(run: StreamRun, key: string, shape: string): Position {
  const known = run.pass(key);
  const begin = (why: string): Position => {
    run.how.add(`read whole (${why})`);
    run.setPass(key, { fingerprint: shape });
    return EVERYTHING;
  };
  if (run.stream.strategy === 'snapshot' || (run.stream.strategy === 'child' && run.stream.followUp === 'all')) {
    return begin('this table has no incremental form');
  }
  if (!known) return begin(run.syncMode === 'incremental' ? 'first run' : 'full refresh');
  if (known.fingerprint !== shape) {
    run.info('what is asked of Ashby has changed since the last run, so everything is read again.');
    return begin('the request has changed');
  }
  return run.syncMode === 'incremental' ? goOn(run, known, begin) : goOnFull(run, known, begin);
}

function goOn(run: StreamRun, known: PassState, begin: (why: string) => Position): Position {
  const { running, token, seen } = known;
  if (running) {
    run.how.add(`went on with an unfinished ${running.from === null ? 'full pass' : 'pass of changes'}`);
    run.info('goes on where the last run stopped.');
    return running;
  }
  if (token !== undefined) {
    run.how.add('read changes since the last run');
    return { from: token, cursor: null };
  }
  if (seen && known.unfinished !== 'full') {
    run.how.add('read what moved since the last run');
    return { from: 'seen', cursor: null };
  }
  if (seen) {
    run.how.add('went on with an unfinished full pass');
    return EVERYTHING;
  }
  return begin('the last run left no sync token');
}

/** In full refresh a finished state is ignored; only an unfinished pass over everything is gone on with. */
function goOnFull(run: StreamRun, known: PassState, begin: (why: string) => Position): Position {
  const { running, seen, unfinished } = known;
  if (running && running.from === null) {
    run.how.add('went on with an unfinished full pass');
    run.info('goes on where the last run stopped.');
    return running;
  }
  if (seen && unfinished === 'full') {
    run.how.add('went on with an unfinished full pass');
    return EVERYTHING;
  }
  return begin('full refresh');
}

/** Groups legs into passes: those that start from the same place in the same list share one. */
export function shareLists(legs: readonly Leg[]): PassPlan[] {
  const plans = new Map<string, PassPlan>();
  for (const leg of legs) {
    const { list, surveyType, start } = leg;
    const place = JSON.stringify([list.name, surveyType, start.from, start.cursor, start.head]);
    const plan = plans.get(place) ?? { list, surveyType, start, legs: [] };
    plan.legs.push(leg);
    plans.set(place, plan);
  }
  return [...plans.values()];
}
