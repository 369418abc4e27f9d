import { closeSync, constants, fstatSync, fsync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { rowWriter, type RecordParts } from '../protocol/encode.ts';
import { LineWriter } from '../protocol/writer.ts';
import { FileOutput } from '../standard-output.ts';
import { syncFolder } from './atomic.ts';
import { writeFailure } from './write-failure.ts';

const syncFile = promisify(fsync);
const NEWLINE = 0x0a;
const CHUNK_BYTES = 64 * 1024;

export interface RowFileOptions {
  /** The folder; it exists. */
  folder: string;
  /** The table's name; `<name>.jsonl` is the file's. */
  table: string;
  /**
   * Whether the rows of a run take the place of all earlier ones, once they are complete; else they are added at the
   * end, and nothing that is there is touched.
   */
  replaces: boolean;
  /** Told at once when the disk fails. */
  onFailure(failure: unknown): void;
}

/**
 * The file of one table: a row a line. A run that replaces it writes beside it (`<name>.jsonl.part`), so that the file
 * always holds one whole reading; a run that adds to it first mends what a killed one left: half a line at the end.
 */
export class RowFile {
  readonly name: string;
  /** Writes one row. */
  readonly write: (parts: RecordParts) => void;
  readonly #options: RowFileOptions;
  readonly #fd: number;
  readonly #writer: LineWriter;
  #finished = false;
  #closed = false;
  #named = false;
  #failure: { reason: unknown } | undefined;

  /** Throws a ConnectorError where the file cannot be opened. */
  constructor(options: RowFileOptions) {
    this.#options = options;
    this.name = `${options.table}.jsonl`;
    try {
      this.#fd = options.replaces ? openSync(this.#written, 'w') : openToAdd(this.#written);
    } catch (thrown) {
      throw this.#told(thrown);
    }
    const out = new FileOutput(this.#fd);
    this.#writer = new LineWriter(out);
    this.write = rowWriter(this.#writer);
    out.on('error', (thrown) => {
      this.#failure ??= { reason: this.#told(thrown) };
      this.#writer.close();
      options.onFailure(this.#failure.reason);
    });
  }

  /** All rows of the table were written. */
  finish(): void {
    this.#finished = true;
  }

  /** Resolves when all that was written is on the disk, under its name; rejects with the disk's failure. */
  async settle(): Promise<void> {
    if (this.#closed) return;
    await this.#writer.flush();
    if (this.#failure) throw this.#failure.reason;
    const { folder, replaces } = this.#options;
    try {
      await syncFile(this.#fd);
      if (replaces && !this.#finished) return;
      if (replaces) await rename(this.#written, `${folder}/${this.name}`);
      if (!this.#named) await syncFolder(folder);
      this.#named = true;
    } catch (thrown) {
      throw this.#told(thrown);
    }
    if (replaces) this.#close();
  }

  /** Ends it: rows that were to replace the file and are not complete are dropped, and the file stays as it was. */
  async end(): Promise<void> {
    if (this.#closed) return;
    const dropped = this.#options.replaces && !this.#finished;
    if (dropped) await rm(this.#written, { force: true });
    else await this.settle();
    this.#close();
  }

  get #written(): string {
    const { folder, replaces } = this.#options;
    return `${folder}/${this.name}${replaces ? '.part' : ''}`;
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#writer.close();
    closeSync(this.#fd);
  }

  #told(thrown: unknown): unknown {
    return writeFailure(`The file of rows ${this.#written}`, thrown);
  }
}

/** Opens a file for adding lines. Half a line at its end is cut off; where only its line feed is missing, that comes. */
function openToAdd(path: string): number {
  const { O_RDWR, O_CREAT, O_APPEND } = constants;
  const fd = openSync(path, O_RDWR | O_CREAT | O_APPEND, 0o644);
  try {
    const { size } = fstatSync(fd);
    const whole = endOfLines(fd, size);
    if (whole === size) return fd;
    const rest = Buffer.alloc(size - whole);
    readSync(fd, rest, 0, rest.length, whole);
    if (isJson(rest.toString('utf8'))) writeSync(fd, '\n');
    else ftruncateSync(fd, whole);
    return fd;
  } catch (thrown) {
    closeSync(fd);
    throw thrown;
  }
}

/** Where the last line feed ends; 0 where there is none. */
function endOfLines(fd: number, size: number): number {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let to = size; to > 0;) {
    const from = Math.max(0, to - CHUNK_BYTES);
    const read = readSync(fd, chunk, 0, to - from, from);
    const at = chunk.subarray(0, read).lastIndexOf(NEWLINE);
    if (at >= 0) return from + at + 1;
    to = from;
  }
  return 0;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
