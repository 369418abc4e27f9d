/** What a run of the connector printed, parsed, and the rules of the protocol that every run must keep. */

export type Row = Record<string, unknown>;

export interface StateMessage {
  type: string;
  stream: { stream_descriptor: { name: string }; stream_state: Row };
  sourceStats?: { recordCount: number };
}

/** One line of output. Exactly one of the payloads is set, as `type` says. */
export interface Message {
  type: string;
  record?: { stream: string; data: Row; emitted_at: number };
  state?: StateMessage;
  log?: { level: string; message: string };
  trace?: {
    type: string;
    emitted_at: number;
    error?: {
      message: string;
      internal_message?: string;
      failure_type: string;
      stack_trace?: string;
      stream_descriptor?: { name: string };
    };
    stream_status?: { stream_descriptor: { name: string }; status: string; reasons?: Row[] };
  };
  connectionStatus?: { status: string; message?: string };
  catalog?: { streams: ({ name: string; supported_sync_modes: string[] } & Row)[] };
  spec?: Row;
}

export const STAMP = '_ab_cdc_updated_at';

/** Everything that was printed, up to the last whole line. */
export class Transcript {
  readonly lines: readonly string[];
  readonly messages: readonly Message[];

  constructor(lines: readonly string[]) {
    this.lines = lines;
    this.messages = lines.map((line) => JSON.parse(line) as Message);
  }

  static of(text: string): Transcript {
    return new Transcript(text.split('\n').slice(0, -1));
  }

  /** The first `count` lines: what a reader has who was cut off there. */
  first(count: number): Transcript {
    return new Transcript(this.lines.slice(0, count));
  }

  /** Rows as Ashby sent them: what the connector added to all of them is taken off. */
  rows(stream: string): Row[] {
    return this.stamped(stream).map((row) => {
      const { [STAMP]: _stamp, ...rest } = row;
      return rest;
    });
  }

  stamped(stream: string): Row[] {
    return this.messages.flatMap(({ record }) => (record?.stream === stream ? [record.data] : []));
  }

  recordCounts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { record } of this.messages) if (record) counts[record.stream] = (counts[record.stream] ?? 0) + 1;
    return counts;
  }

  statesOf(stream: string): StateMessage[] {
    return this.messages.flatMap(({ state }) =>
      state && state.stream.stream_descriptor.name === stream ? [state] : [],
    );
  }

  /** What a platform hands back in --state: the last state of each stream, added to what it had before. */
  states(before: readonly StateMessage[] = []): StateMessage[] {
    const last = new Map(before.map((state) => [state.stream.stream_descriptor.name, state]));
    for (const { state } of this.messages) if (state) last.set(state.stream.stream_descriptor.name, state);
    return [...last.values()];
  }

  /** Statuses of a stream in their order, repeated RUNNING ones once. */
  statuses(stream: string): string[] {
    const all = this.messages.flatMap(({ trace }) =>
      trace?.stream_status?.stream_descriptor.name === stream ? [trace.stream_status.status] : [],
    );
    return all.filter((status, index) => status !== all[index - 1]);
  }

  /** The last status of each stream. */
  endings(): Record<string, string> {
    const endings: Record<string, string> = {};
    for (const { trace } of this.messages) {
      if (trace?.stream_status) endings[trace.stream_status.stream_descriptor.name] = trace.stream_status.status;
    }
    return endings;
  }

  errors(): NonNullable<NonNullable<Message['trace']>['error']>[] {
    return this.messages.flatMap(({ trace }) => (trace?.error ? [trace.error] : []));
  }

  logs(level?: string): string[] {
    return this.messages.flatMap(({ log }) => (log && (!level || log.level === level) ? [log.message] : []));
  }

  connectionStatuses(): NonNullable<Message['connectionStatus']>[] {
    return this.messages.flatMap(({ connectionStatus }) => (connectionStatus ? [connectionStatus] : []));
  }

  catalogs(): NonNullable<Message['catalog']>[] {
    return this.messages.flatMap(({ catalog }) => (catalog ? [catalog] : []));
  }
}

/** The rules of Airbyte's protocol that a run broke, in words; an empty list is what a test expects. */
export function brokenRules(transcript: Transcript): string[] {
  const broken = new Set<string>();
  const streams = new Map<
    string,
    { status: string; sinceState: number; state: string; states: number; stamp: string }
  >();
  const about = (name: string): NonNullable<ReturnType<typeof streams.get>> => {
    const known = streams.get(name) ?? { status: '', sinceState: 0, state: '', states: 0, stamp: '' };
    streams.set(name, known);
    return known;
  };
  const followers: Record<string, string[]> = {
    '': ['STARTED', 'INCOMPLETE'],
    STARTED: ['RUNNING', 'INCOMPLETE'],
    RUNNING: ['RUNNING', 'COMPLETE', 'INCOMPLETE'],
  };
  let errorSeen = false;
  for (const [index, message] of transcript.messages.entries()) {
    const line = transcript.lines[index] ?? '';
    if (/[\u0085\u2028\u2029\r]/.test(line)) broken.add('a line holds a separator that splits it');
    if (!line.isWellFormed() || (/\\u[dD][89a-fA-F]/.test(line) && !wellFormed(message))) {
      broken.add('a line holds a lone surrogate');
    }
    if (message.record) {
      const { stream, data, emitted_at } = message.record;
      const known = about(stream);
      known.sinceState += 1;
      if (known.status !== 'RUNNING') broken.add(`${stream}: a record while ${known.status || 'not started'}`);
      if (!Number.isInteger(emitted_at)) broken.add(`${stream}: emitted_at is no integer`);
      const stamp = data[STAMP];
      if (typeof stamp === 'string') {
        if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(stamp)) broken.add(`${stream}: stamp ${stamp}`);
        if (stamp <= known.stamp) broken.add(`${stream}: a stamp that does not grow`);
        known.stamp = stamp;
      }
    } else if (message.state) {
      const { stream, sourceStats } = message.state;
      const name = stream.stream_descriptor.name;
      const known = about(name);
      if (message.state.type !== 'STREAM') broken.add(`${name}: a state of type ${message.state.type}`);
      if (!/"recordCount":\d+\.\d/.test(line)) broken.add(`${name}: recordCount without a decimal point`);
      if (sourceStats?.recordCount !== known.sinceState) {
        broken.add(`${name}: recordCount ${sourceStats?.recordCount}, records ${known.sinceState}`);
      }
      if (!['STARTED', 'RUNNING'].includes(known.status))
        broken.add(`${name}: a state while ${known.status || 'not started'}`);
      known.sinceState = 0;
      known.states += 1;
      const text = JSON.stringify(stream.stream_state);
      if (text === known.state) broken.add(`${name}: two equal states in a row`);
      known.state = text;
    } else if (message.trace?.stream_status) {
      const { status, stream_descriptor } = message.trace.stream_status;
      const known = about(stream_descriptor.name);
      if (!(followers[known.status] ?? []).includes(status)) {
        broken.add(`${stream_descriptor.name}: ${status} after ${known.status || 'nothing'}`);
      }
      known.status = status;
      if (status === 'COMPLETE' && known.states === 0)
        broken.add(`${stream_descriptor.name}: COMPLETE without a state`);
      if (status === 'COMPLETE' && known.sinceState > 0) {
        broken.add(`${stream_descriptor.name}: COMPLETE with records that no state covers`);
      }
      if (errorSeen) broken.add(`${stream_descriptor.name}: ${status} after a TRACE ERROR`);
    } else if (message.trace?.error) {
      errorSeen = true;
      if (!message.trace.error.message) broken.add('a TRACE ERROR without a message');
      if (!['config_error', 'system_error', 'transient_error'].includes(message.trace.error.failure_type)) {
        broken.add(`failure_type ${message.trace.error.failure_type}`);
      }
    } else if (!message.log && !message.spec && !message.catalog && !message.connectionStatus) {
      broken.add(`a message of type ${message.type} without its payload`);
    }
  }
  return [...broken];
}

function wellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, part]) => key.isWellFormed() && wellFormed(part));
}
