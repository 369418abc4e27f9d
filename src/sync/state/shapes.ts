/* What a part of a state may be. */

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value);
}

export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

/** Whether a part is absent, or as it must be. */
export function optional(value: unknown, is: (value: unknown) => boolean): boolean {
  return value === undefined || is(value);
}

/** A number of something, or a place in a row: whole and not negative. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
