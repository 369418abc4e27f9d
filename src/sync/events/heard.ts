import { isCount, isText, isTexts, optional } from '../state/shapes.ts';
import { isObject } from '../../json-text.ts';

/** How far a table has heeded the events that concern it. Its size does not depend on how many there were. */
export interface Heard {
  /** The identity of the inbox: numbers of another one mean nothing. */
  readonly inbox: string;
  /** All events up to this number were heeded. */
  readonly number: number;
  /** Rows that are gone by an event and that Ashby gave no clear answer about: they are asked for once more. */
  readonly open?: readonly string[];
}

/** A part of a state as it was printed; undefined for anything else: then the events are heeded from the oldest on. */
export function readHeard(value: unknown): Heard | undefined {
  if (!isObject(value)) return undefined;
  const { inbox, number, open } = value;
  if (!isText(inbox) || !isCount(number) || !optional(open, isTexts)) return undefined;
  return { inbox, number, ...(isTexts(open) ? { open } : {}) };
}
