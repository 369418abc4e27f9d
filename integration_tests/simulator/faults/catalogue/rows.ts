/** Rows that are none, and values that programs stumble over. */

import { entries } from './entry.ts';
import type { ROW_DAMAGE } from '../effects.ts';

const row = (name: string, does: string, make: (typeof ROW_DAMAGE)[number]) => ({
  name,
  does,
  effect: { kind: 'row' as const, make },
});

export const rowFaults = [
  ...entries('rows', { passes: 'once', at: 'any' }, [
    row('id-absent', 'A row has no id.', 'withoutId'),
    row('id-number', "A row's id is a number.", 'numericId'),
    row('id-null', "A row's id is null.", 'nullId'),
    row('id-empty', "A row's id is an empty string.", 'emptyId'),
    row('row-null', 'A row is null.', 'null'),
    row('row-string', 'A row is a string.', 'string'),
    row('row-list', 'A row lies in a list of its own.', 'list'),
    row('row-empty', 'A row is an empty object.', 'empty'),
  ]),
  ...entries('rows', { passes: 'always', at: 'list' }, [row('row-twice', 'A row comes twice.', 'twice')]),
  ...entries('rows', { passes: 'once', at: 'info' }, [
    row('info-other', 'The object has another id than the one that was asked for.', 'otherId'),
    { name: 'info-null', does: 'The object is null.', effect: { kind: 'envelope', set: { results: null } } },
    { name: 'info-list', does: 'The object is an empty list.', effect: { kind: 'envelope', set: { results: [] } } },
    { name: 'info-absent', does: 'The object is not there.', effect: { kind: 'noResults' } },
  ]),
];

const value = (name: string, does: string, json: string, field = 'addedByAFault') => ({
  name,
  does,
  effect: { kind: 'value' as const, field, json },
});

export const valueFaults = entries('values', { passes: 'always', at: 'any' }, [
  value('surrogate-high', 'Half of a surrogate pair, its first.', String.raw`"before \ud83d after"`),
  value('surrogate-low', 'Half of a surrogate pair, its second.', String.raw`"before \ude00 after"`),
  value('line-separator', 'U+2028 in a string.', '"before \u2028 after"'),
  value('paragraph-separator', 'U+2029 in a string.', '"before \u2029 after"'),
  value('next-line', 'U+0085 in a string.', '"before \u0085 after"'),
  value('escaped-separators', 'The three separators as escapes.', String.raw`"\u2028\u2029\u0085"`),
  value('nul', 'U+0000 in a string.', String.raw`"before \u0000 after"`),
  value('terminal-escape', 'A terminal escape and a C1 control in a string.', String.raw`"\u001b[2J\u009b31m"`),
  value('byte-order-mark-inside', 'U+FEFF in a string.', '"\ufeffbefore"'),
  value('message-forged', "A string that holds a line of Airbyte's protocol.", String.raw`"\n{\"type\":\"STATE\"}\n"`),
  value('number-beyond-double', 'A whole number beyond 2^53.', '9007199254740993'),
  value('number-30-digits', 'A whole number of 30 digits.', '123456789012345678901234567890'),
  value('number-fraction', 'A fraction of 30 digits.', '0.123456789012345678901234567891'),
  value('number-huge', 'A number beyond the largest double.', '1e400'),
  value('number-negative-zero', 'Minus zero.', '-0'),
  value('number-exponent', 'A number with an exponent and trailing zeros.', '1.50E+03'),
  value('key-proto', 'A field called __proto__.', '{"polluted":true}', '__proto__'),
  value('key-constructor', 'A field called constructor.', '{"prototype":{"polluted":true}}', 'constructor'),
  value('key-to-string', 'A field called toString.', 'null', 'toString'),
  value('key-empty', 'A field whose name is empty.', '1', ''),
  value('key-separator', 'A field whose name holds U+2028 and a quote.', '1', 'a\u2028"b'),
  value('key-long', 'A field whose name has 100,000 letters.', '1', 'k'.repeat(100_000)),
  value('date-impossible', 'A date that no calendar has.', '"2026-02-30T25:61:61Z"', 'addedAt'),
  {
    name: 'string-10mb',
    does: 'A string of 10 MB.',
    effect: { kind: 'value', field: 'addedByAFault', length: 10_000_000 },
  },
  {
    name: 'nested-1000',
    does: 'Lists nested 1,000 deep.',
    effect: { kind: 'value', field: 'addedByAFault', depth: 1_000 },
  },
  {
    name: 'nested-5000',
    does: 'Lists nested 5,000 deep.',
    effect: { kind: 'value', field: 'addedByAFault', depth: 5_000 },
  },
]);
