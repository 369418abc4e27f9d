import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ConnectorError } from './errors.ts';
import { looksSecret } from './redact.ts';

/** A file that is longer is not what it is given for. */
const LARGEST_BYTES = { '--config': 1_000_000, '--catalog': 64_000_000, '--state': 64_000_000 } as const;
/** How long a pipe may bring nothing, and how long it may take altogether. */
const SILENT_MS = 20_000;
const LONGEST_MS = 120_000;
const LOOK_EVERY_MS = 100;
const CHUNK_BYTES = 64 * 1024;
/** Deeper values would overflow the stack of whoever walks them. No form, catalog or state comes near. */
const DEEPEST = 200;

/** An option of the command line that names a file. */
export type FileOption = keyof typeof LARGEST_BYTES;

/** How waiting is done, as a Clock does it. */
export interface Waiting {
  /** Milliseconds since some moment. */
  elapsed(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface ReadFileOptions {
  option: FileOption;
  clock: Waiting;
  /** Rejects what is waited for with Interrupted. */
  signal: AbortSignal;
}

/**
 * Reads a JSON file, or a pipe, that was named on the command line; bounded in size, in time and in depth. Throws a
 * `config_error` that says which file, what is wrong with it and what to do; never a part of its text, since that may
 * hold the API key, and not its name where that looks like a secret.
 */
export async function readJsonFile(path: string, options: ReadFileOptions): Promise<unknown> {
  const { option } = options;
  let bytes: Buffer;
  try {
    bytes = await readBounded(path, options);
  } catch (cause) {
    const why = cause instanceof Unusable ? cause.message : whyUnreadable(codeOf(cause));
    if (why === undefined) throw cause;
    throw complaint(path, option, why, codeOf(cause));
  }
  const text = decode(bytes);
  if (text === undefined) throw complaint(path, option, 'is not text in UTF-8. Save it in that encoding.');
  if (depthOf(bytes) > DEEPEST) {
    throw complaint(path, option, `is nested more than ${DEEPEST} levels deep. Check that it is the right file.`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own words quote the text, so they are not passed on.
    const why = isJsonLines(text)
      ? `holds more than one JSON value, one a line, as the connector prints them. ${ONE_OF_LINES[option]}`
      : 'is not JSON. Check it for a missing bracket, quote or comma.';
    throw complaint(path, option, why);
  }
}

const ONE_OF_LINES: Record<FileOption, string> = {
  '--config': 'Give the connection form alone, as one object.',
  '--catalog':
    'If it is the output of discover: take the streams of its CATALOG line, and say for each how to read it: {"streams": [{"stream": …, "sync_mode": "full_refresh", "destination_sync_mode": "append"}]}.',
  '--state':
    'If it is the output of read: put the "state" of its STATE lines, the last of each stream, into one list: […].',
};

/** A sentence about a file that could be opened and is still of no use. */
class Unusable extends Error {}

async function readBounded(path: string, { option, clock, signal }: ReadFileOptions): Promise<Buffer> {
  // Opened without waiting: else a named pipe that nobody writes to would hold a thread, and with it the process.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const isPipe = (await file.stat()).isFIFO();
    // A pipe handed down by the shell has its writer from birth; a named one may wait for its first.
    const mayBeginLater = isPipe && !/^\/(dev\/(stdin|fd\/\d+)|proc\/.*\/fd\/\d+)$/.test(path);
    const chunks: Buffer[] = [];
    const begunAt = clock.elapsed();
    let size = 0;
    for (let lastAt = begunAt; ;) {
      const chunk = await readChunk(file);
      if (chunk === 'end' && (size > 0 || !mayBeginLater)) return Buffer.concat(chunks);
      const nowAt = clock.elapsed();
      if (typeof chunk === 'string') {
        if (nowAt - lastAt >= SILENT_MS) {
          throw new Unusable(
            `brought nothing for ${SILENT_MS / 1000} s: it is a pipe that nobody writes to. Check who is to fill it, or name a file.`,
          );
        }
        await clock.sleep(LOOK_EVERY_MS, signal);
        continue;
      }
      if (nowAt - begunAt >= LONGEST_MS) {
        throw new Unusable(
          `has not come to an end within ${LONGEST_MS / 1000} s. Name a file instead of a pipe or device.`,
        );
      }
      lastAt = nowAt;
      size += chunk.length;
      if (size > LARGEST_BYTES[option]) {
        throw new Unusable(
          `is larger than ${LARGEST_BYTES[option] / 1_000_000} MB, which none of this kind is. Check that it is the right file.`,
        );
      }
      chunks.push(chunk);
    }
  } finally {
    await file.close();
  }
}

/** What can be read now: bytes, the end, or nothing yet. */
async function readChunk(file: FileHandle): Promise<Buffer | 'end' | 'nothing yet'> {
  try {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    return bytesRead === 0 ? 'end' : buffer.subarray(0, bytesRead);
  } catch (cause) {
    if (codeOf(cause) === 'EAGAIN') return 'nothing yet';
    throw cause;
  }
}

/** Undefined where it is not UTF-8. A byte order mark is taken off. */
function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** How deep brackets are nested, told without walking the value: in UTF-8 a bracket's byte is always a bracket. */
function depthOf(bytes: Buffer): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === 0x22) inText = !inText;
    else if (inText)
      at += byte === 0x5c ? 1 : 0; // behind a backslash a quote ends nothing
    else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return deepest;
}

function isJsonLines(text: string): boolean {
  const [first, second] = text.split('\n', 2);
  return isJson(first) && second !== undefined && second.trim() !== '' && isJson(second);
}

function isJson(text: string | undefined): boolean {
  try {
    JSON.parse(text ?? '');
    return true;
  } catch {
    return false;
  }
}

function complaint(path: string, option: FileOption, why: string, code?: string): ConnectorError {
  const whole = looksSecret(path)
    ? `The value given with ${option} is not the path of a file that can be used. Write what it holds into a file, and give the path of that file.`
    : `The file given with ${option}, ${path}, ${why}`;
  return new ConnectorError(whole, { failureType: 'config_error', internalMessage: code });
}

/** Undefined for what the file is not to blame for. */
function whyUnreadable(code: string | undefined): string | undefined {
  switch (code) {
    case undefined:
      return undefined;
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist. Check the path, and in a container that the file is mounted (-v).';
    case 'EISDIR':
      return 'is a folder. Name the file; in a container, a mounted file that does not exist on the host becomes a folder.';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by the user that runs the connector. Run it as the owner of the file (docker run --user), or give the file to that user (chown); do not open it to everybody if it holds the API key.';
    default:
      return 'cannot be read. Check the path and the disk.';
  }
}

function codeOf(cause: unknown): string | undefined {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined;
}
