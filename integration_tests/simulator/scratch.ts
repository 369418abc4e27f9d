/** Joins JSON texts into one UTF-8 buffer. Row by row, because one non-Latin row would make the whole page slow to encode. */

const COMMA = 44;
const encoder = new TextEncoder();
let scratch = Buffer.allocUnsafe(1 << 20);

/** The texts with commas between them, as UTF-8. */
export function joinRows(rows: readonly string[]): Buffer {
  let length = 0;
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n] as string;
    const needed = length + row.length * 3 + 1;
    if (needed > scratch.length) {
      const grown = Buffer.allocUnsafe(needed * 2);
      scratch.copy(grown, 0, 0, length);
      scratch = grown;
    }
    if (n > 0) scratch[length++] = COMMA;
    length += encoder.encodeInto(row, scratch.subarray(length)).written;
  }
  return Buffer.from(scratch.subarray(0, length));
}
