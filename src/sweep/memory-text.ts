import { createHash } from 'node:crypto';
import { readKey, wordsOf, type Width } from './key-words.ts';
import { Memory } from './memory.ts';
import { QUARTERS, Sketch } from './sketch.ts';
import { UniqueKeys } from './unique-keys.ts';

/*
 * A memory as text, for the state: base64 of
 *   version, kind (0 a list, 1 a sketch), bytes of a key, cells in a quarter (2 bytes), number of keys (4 bytes),
 *   the keys or the cells, and the first 8 bytes of the SHA-256 of all before.
 */
const VERSION = 1;
const HEAD_BYTES = 9;
const SUM_BYTES = 8;

export function packMemory(memory: Memory): string {
  const { held, width, size } = memory;
  const quarter = held.kind === 'sketch' ? held.sketch.shape.quarter : 0;
  const entries = held.kind === 'sketch' ? QUARTERS * quarter : size;
  const entryBytes = bytesOf(held.kind, width);
  const bytes = Buffer.alloc(HEAD_BYTES + entries * entryBytes);
  bytes.set([VERSION, held.kind === 'list' ? 0 : 1, width]);
  bytes.writeUInt16LE(quarter, 3);
  bytes.writeUInt32LE(size, 5);
  let at = HEAD_BYTES;
  if (held.kind === 'list') {
    held.keys.forEachWords((words, from) => (at = writeWords(bytes, at, words, from, width)));
  } else {
    const { counts, checks, sums } = held.sketch;
    for (const cell of counts.keys()) {
      bytes.writeInt16LE(counts[cell] ?? 0, at);
      bytes.writeUInt32LE(checks[cell] ?? 0, at + 2);
      at = writeWords(bytes, at + 6, sums, cell * wordsOf(width), width);
    }
  }
  return Buffer.concat([bytes, sumOf(bytes)]).toString('base64');
}

/** The memory that was packed; undefined for anything else, however it was damaged. Never throws. */
export function unpackMemory(text: unknown): Memory | undefined {
  if (typeof text !== 'string') return undefined;
  const all = Buffer.from(text, 'base64');
  const bytes = all.subarray(0, -SUM_BYTES);
  if (bytes.length < HEAD_BYTES || all.toString('base64') !== text) return undefined;
  if (!sumOf(bytes).equals(all.subarray(-SUM_BYTES))) return undefined;
  const [version, kind, width] = bytes;
  if (version !== VERSION || (width !== 16 && width !== 32)) return undefined;
  const quarter = bytes.readUInt16LE(3);
  const size = bytes.readUInt32LE(5);
  const body = bytes.subarray(HEAD_BYTES);
  if (kind === 0) return listOf(body, width, size);
  return kind === 1 && quarter > 0 ? sketchOf(body, width, quarter, size) : undefined;
}

function listOf(body: Buffer, width: Width, size: number): Memory | undefined {
  const keys = new UniqueKeys(width);
  if (body.length !== size * bytesOf('list', width)) return undefined;
  const words = new Uint32Array(wordsOf(width));
  for (let at = 0; at < body.length; at += bytesOf('list', width)) {
    readWords(body, at, words, 0, width);
    const key = readKey(words, 0, width);
    if (key === undefined || !keys.add(key)) return undefined;
  }
  return new Memory({ kind: 'list', keys });
}

function sketchOf(body: Buffer, width: Width, quarter: number, size: number): Memory | undefined {
  const cellBytes = bytesOf('sketch', width);
  if (body.length !== QUARTERS * quarter * cellBytes) return undefined;
  const sketch = new Sketch({ width, quarter });
  for (const cell of sketch.counts.keys()) {
    const at = cell * cellBytes;
    sketch.counts[cell] = body.readInt16LE(at);
    sketch.checks[cell] = body.readUInt32LE(at + 2);
    readWords(body, at + 6, sketch.sums, cell * wordsOf(width), width);
  }
  return new Memory({ kind: 'sketch', sketch, size });
}

function bytesOf(kind: 'list' | 'sketch', width: Width): number {
  return (kind === 'list' ? 0 : 6) + 1 + width;
}

/** A key's form takes one byte (forms are below 256, and so are their XORs), its other words four. */
function writeWords(bytes: Buffer, at: number, words: Uint32Array, from: number, width: Width): number {
  bytes.writeUInt8(words[from] ?? 0, at);
  for (let word = 1; word < wordsOf(width); word += 1) bytes.writeUInt32BE(words[from + word] ?? 0, at + 4 * word - 3);
  return at + 1 + width;
}

function readWords(bytes: Buffer, at: number, words: Uint32Array, from: number, width: Width): void {
  words[from] = bytes.readUInt8(at);
  for (let word = 1; word < wordsOf(width); word += 1) words[from + word] = bytes.readUInt32BE(at + 4 * word - 3);
}

function sumOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, SUM_BYTES);
}
