import type { Fields, Row } from '../../ashby/rows/rows.ts';
import { encodeJson } from '../../json-text.ts';

/** A row of the connector's own making. */
export function madeRow(value: Fields): Row {
  const bytes = Buffer.from(encodeJson(value));
  return { value, json: { bytes, from: 0, to: bytes.length } };
}
