import { isCount, isText, isTexts, optional } from '../state/shapes.ts';
import { isObject } from '../../json-text.ts';

/** What a stream's state remembers so that a later run finds out what is gone. */
export interface SweepState {
  /** When the last complete walk over the whole list began (ISO 8601). */
  readonly at: string;
  /** When the pass began that gave the token from which the next one starts (ISO 8601). */
  readonly since: string;
  /** The keys of the rows that were printed and not buried, as `packMemory` writes them. */
  readonly memory: string;
  /** The youngest of them, as `NewRows.pack` writes them. */
  readonly recent: string;
  /** Keys printed since, of rows that do not say when they were created. */
  readonly loose?: readonly string[];
  /** Keys that were missing and not buried. */
  readonly suspects?: readonly string[];
  /** How many keys differed at the last sweeps; the memory's capacity follows it. */
  readonly churn?: number;
  /** Keys that were buried since because an event said so: they are in the memory still. */
  readonly buried?: readonly string[];
  /** Something was missed that only a sweep can make up for: the next one is due at once. */
  readonly overdue?: true;
  /** Some keys of confidential rows that the last sweep saw, so that a key that lost sight of them is found out. */
  readonly confidential?: readonly string[];
}

/** A sweep's part of a state as it was printed; undefined for anything else: then there is no memory. */
export function readSweepState(value: unknown): SweepState | undefined {
  if (!isObject(value)) return undefined;
  const { at, since, memory, recent, loose, suspects, churn, buried, overdue, confidential } = value;
  const sound =
    isDate(at) &&
    isDate(since) &&
    isText(memory) &&
    typeof recent === 'string' &&
    optional(loose, isTexts) &&
    optional(suspects, isTexts) &&
    optional(churn, isCount) &&
    optional(buried, isTexts) &&
    optional(overdue, (part) => part === true) &&
    optional(confidential, isTexts);
  return sound ? (value as unknown as SweepState) : undefined; // each of its fields was looked at above
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
