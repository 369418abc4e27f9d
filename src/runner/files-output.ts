import type { RecordParts } from '../protocol/encode.ts';
import type { ControlMessage } from '../protocol/messages.ts';
import { findTable, isIncremental } from '../tables/lineage.ts';
import { RowFile } from './row-file.ts';
import type { RunReport } from './run-report.ts';
import { SpokenOutput, type SpokenOptions } from './spoken-output.ts';

export interface FilesOptions extends SpokenOptions {
  /** Where the files of rows go; it exists. */
  folder: string;
  report: RunReport;
  /** Told each state that is printed; what it covers was written before. */
  onState(stream: string, state: object): void;
  /** Told at once when the disk fails. */
  onFailure(failure: unknown): void;
}

/** Rows into a file for each table, failures into the report, sentences to standard error. */
export class FilesOutput extends SpokenOutput {
  readonly #options: FilesOptions;
  readonly #files = new Map<string, RowFile>();

  constructor(options: FilesOptions) {
    super(options);
    this.#options = options;
  }

  override records(stream: string): (parts: RecordParts) => void {
    const { folder, onFailure } = this.#options;
    const table = findTable(stream);
    const replaces = table === undefined || !isIncremental(table);
    const file = new RowFile({ folder, table: stream, replaces, onFailure });
    this.#files.set(stream, file);
    return file.write;
  }

  override state(stream: string, state: object): void {
    // A table without an incremental form has one state, at its end.
    this.#files.get(stream)?.finish();
    this.#options.onState(stream, state);
  }

  /** Files are written at once: nobody has to wait for a reader. */
  override ready(): undefined {
    return undefined;
  }

  /** Resolves when what was printed of these streams is on the disk. */
  async settle(streams: readonly string[]): Promise<void> {
    for (const stream of streams) await this.#files.get(stream)?.settle();
  }

  /** Closes the files. Rejects with the first failure, when all are closed. */
  async end(): Promise<void> {
    const ends = await Promise.allSettled([...this.#files.values()].map((file) => file.end()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  protected override print(message: ControlMessage): void {
    const { report } = this.#options;
    super.print(message);
    if (message.type !== 'TRACE' || message.trace.type !== 'ERROR') return;
    const { message: text, failure_type: failureType, stream_descriptor: stream } = message.trace.error;
    report.failed(stream?.name, { message: text, failureType });
  }
}
