/** What a read's messages add up to. */

export interface TableTally {
  stream: string;
  records: number;
  /** Requests that were made for this table; undefined until the connector has reported them. */
  requests: number | undefined;
  /** Its list was read together with another table, which paid for the requests. */
  shared: boolean;
  startedAtMs: number | undefined;
  endedAtMs: number | undefined;
  status: string;
}

type Json = Record<string, any>;

const RECORD = /^\{"type":"RECORD".{0,40}?"stream":"([^"]+)"/;
const REPORT = /^(\w+): [\d,]+ rows?, ([\d,]+) requests?( \(its list)?/;

export class Tally {
  readonly tables = new Map<string, TableTally>();
  /** The last state of each table, as it came. */
  readonly states = new Map<string, unknown>();
  /** What the connector warned of. */
  readonly warnings: string[] = [];
  readonly errors: string[] = [];
  /** Other answers: specification, status, catalog. */
  readonly answers: Json[] = [];
  records = 0;
  readonly #keep: ReadonlyMap<string, (row: Json) => void>;

  /** Rows of the tables in `keep` are handed over; all others are only counted. */
  constructor(keep: Readonly<Record<string, (row: Json) => void>> = {}) {
    this.#keep = new Map(Object.entries(keep));
  }

  get done(): number {
    return [...this.tables.values()].filter(({ status }) => status === 'COMPLETE').length;
  }

  get underWay(): string[] {
    return [...this.tables.values()].filter(({ status }) => status === 'RUNNING').map(({ stream }) => stream);
  }

  /** Takes one line of the connector's output. Throws where it is no message. */
  take(line: string): void {
    const stream = RECORD.exec(line)?.[1];
    if (stream !== undefined) {
      this.records += 1;
      this.#table(stream).records += 1;
      const keep = this.#keep.get(stream);
      if (keep) keep((JSON.parse(line) as Json)['record'].data);
      return;
    }
    const message = JSON.parse(line) as Json;
    switch (message['type']) {
      case 'STATE':
        this.states.set(message['state'].stream.stream_descriptor.name, message['state']);
        return;
      case 'LOG':
        this.#log(message['log']);
        return;
      case 'TRACE':
        this.#trace(message['trace']);
        return;
      default:
        this.answers.push(message);
    }
  }

  #table(stream: string): TableTally {
    let table = this.tables.get(stream);
    if (!table) {
      table = {
        stream,
        records: 0,
        requests: undefined,
        shared: false,
        startedAtMs: undefined,
        endedAtMs: undefined,
        status: '',
      };
      this.tables.set(stream, table);
    }
    return table;
  }

  #log({ level, message }: Json): void {
    const report = REPORT.exec(message);
    if (report?.[1] !== undefined && report[2] !== undefined) {
      const table = this.#table(report[1]);
      table.requests = Number(report[2].replaceAll(',', ''));
      table.shared = report[3] !== undefined;
    } else if (level === 'WARN') this.warnings.push(message);
  }

  #trace({ type, emitted_at, stream_status, error }: Json): void {
    if (type === 'ERROR') this.errors.push(error.message);
    if (type !== 'STREAM_STATUS') return;
    const table = this.#table(stream_status.stream_descriptor.name);
    table.status = stream_status.status;
    if (table.status === 'STARTED') table.startedAtMs = emitted_at;
    if (table.status === 'COMPLETE' || table.status === 'INCOMPLETE') table.endedAtMs = emitted_at;
  }
}
