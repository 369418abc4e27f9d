import { fstatSync, readFileSync, statSync, writeSync, type Stats } from 'node:fs';
import { isatty } from 'node:tty';
import { Writable } from 'node:stream';

/** The code of the error of a standard output that is closed. */
export const CLOSED = 'EBADF';

/**
 * Standard output as a stream that takes all that it is given, or fails. Node's own is used for pipes, sockets and
 * terminals. For a file it would take a short write (the disk is full) for a whole one; and where a process is started
 * with its output closed, Node puts the null device there, into which everything vanishes with success.
 */
export function openStandardOutput(nodes: () => Writable, fd = 1): Writable {
  let status: Stats;
  try {
    status = fstatSync(fd);
  } catch {
    return new Failing();
  }
  if (isNullDeviceOfNode(status, fd)) return new Failing();
  return status.isFile() || (status.isCharacterDevice() && !isatty(fd)) ? new FileOutput(fd) : nodes();
}

/** What standard output is, as far as somebody must know whether what was written is kept. */
export function kindOfOutput(fd = 1): 'file' | 'terminal' | 'other' {
  if (isatty(fd)) return 'terminal';
  try {
    return fstatSync(fd).isFile() ? 'file' : 'other';
  } catch {
    return 'other'; // it is closed
  }
}

/** Whoever discards output (`> /dev/null`) opens the device for writing alone; Node, for a closed one, for both. */
function isNullDeviceOfNode(status: Stats, fd: number): boolean {
  if (!status.isCharacterDevice()) return false;
  try {
    if (statSync('/dev/null').rdev !== status.rdev) return false;
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return flags !== undefined && (parseInt(flags, 8) & 3) === 2; // O_ACCMODE, O_RDWR
  } catch {
    return false; // a system without /proc does not say
  }
}

/** Writes each chunk to its last byte before it asks for the next. */
export class FileOutput extends Writable {
  readonly #fd: number;

  constructor(fd: number) {
    super();
    this.#fd = fd;
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    try {
      for (let written = 0; written < chunk.length;) written += writeSync(this.#fd, chunk, written);
    } catch (failure) {
      return done(failure as NodeJS.ErrnoException); // writeSync throws nothing else
    }
    done();
  }
}

/** Fails as soon as anything is written. */
class Failing extends Writable {
  override _write(_chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    done(Object.assign(new Error('standard output is closed'), { code: CLOSED }));
  }
}

/** How a process ends whose standard output failed. */
export interface OutputFailure {
  exitCode: number;
  /** For standard error, the only place that is left; undefined where the reader has simply gone away. */
  sentence: string | undefined;
}

/** What a failure of standard output means. */
export function outputFailure(error: NodeJS.ErrnoException): OutputFailure {
  switch (error.code) {
    case 'EPIPE':
    case 'ECONNRESET':
      return { exitCode: 141, sentence: undefined }; // as a shell shows it for SIGPIPE
    case CLOSED:
      return failed(
        'is closed, so nothing can be delivered. Start it with its output connected; to discard it, use > /dev/null.',
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return failed('cannot be written, since the disk is full. What came out is cut off: make room and run it again.');
    case 'EFBIG':
      return failed(
        'cannot be written, since the file is larger than allowed. What came out is cut off: raise the limit and run it again.',
      );
    default:
      return failed(
        `cannot be written (${error.code ?? 'unknown cause'}). What came out is cut off: mend it and run it again.`,
      );
  }
}

function failed(what: string): OutputFailure {
  return { exitCode: 1, sentence: `source-ashby: standard output ${what}\n` };
}
