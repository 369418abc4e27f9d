import { PARTS, type Part } from './kinds.ts';

/*
 * How a column of a schema says which custom field it holds, and which part of its value. Twice: as keywords of JSON
 * Schema, which every client that was tried hands back as they are, and at the end of the description, since what
 * strips keywords that it does not know (Singer's SDK, where a schema goes through it) keeps descriptions.
 */

/** The field's id. */
export const FIELD_KEYWORD = 'x-ashby-field';
/** The part of its value. */
export const PART_KEYWORD = 'x-ashby-part';

/** The end of a column's description. */
export function sentenceOf(id: string, part: Part): string {
  return `Ashby field ${id} (${part}).`;
}

const SENTENCE = /Ashby field (\S+) \(([a-z]+)\)\.\s*$/;

/** A custom field, and the part of its value. */
export interface Reference {
  fieldId: string;
  part: Part;
}

/** Which field a column of a configured schema holds; undefined where it does not say so. */
export function referenceOf(column: Readonly<Record<string, unknown>>): Reference | undefined {
  const { [FIELD_KEYWORD]: id, [PART_KEYWORD]: part, description } = column;
  const said = typeof description === 'string' ? SENTENCE.exec(description) : null;
  return reference(id, part) ?? reference(said?.[1], said?.[2]);
}

function reference(id: unknown, part: unknown): Reference | undefined {
  const known = PARTS.find((one) => one === part);
  return typeof id === 'string' && id !== '' && known !== undefined ? { fieldId: id, part: known } : undefined;
}
