/** Refusals in each shape, and envelopes that are neither an answer nor a refusal. */

import { entries, type CatalogueEntry } from './entry.ts';
import type { ErrorShape } from '../effects.ts';

const SHAPES: readonly ErrorShape[] = ['errorInfo', 'strings', 'objects', 'codeObjects'];
const NEVER = { passes: 'never', at: 'any' } as const;

const shaped = (code: string, o: Partial<CatalogueEntry> & { status?: number } = {}): CatalogueEntry[] =>
  SHAPES.map((shape) => ({
    name: `${code}-${shape}${o.status === undefined ? '' : `-${o.status}`}`,
    group: 'refusal',
    does: `The code ${code} as ${shape}, status ${o.status ?? 200}.`,
    effect: { kind: 'error', code, shape, ...(o.status === undefined ? {} : { status: o.status }) },
    passes: o.passes ?? 'never',
    at: o.at ?? 'any',
  }));

const coded = (codes: readonly string[], o: Partial<CatalogueEntry> & { status?: number } = {}): CatalogueEntry[] =>
  codes.flatMap((code) => shaped(code, o).slice(0, 1));

export const refusalFaults = [
  ...shaped('unheard_of'),
  ...shaped('unheard_of', { status: 400 }),
  ...shaped('invalid_input'),
  ...shaped('missing_endpoint_permission', { status: 403 }),
  ...coded(['missing_endpoint_permission', 'account_suspended', 'api_key_expired', 'organization_not_found']),
  ...coded(['invalid_api_key'], { status: 403 }),
  ...coded(['feature_not_enabled']),
  ...shaped('generic_internal_error', { passes: 'once' }),
  ...coded(['generic_internal_error'], { status: 500, passes: 'once' }),
  ...coded(['rate_limit_exceeded', 'concurrent_limit_exceeded'], { passes: 'once' }),
  ...coded(['rate_limit_exceeded'], { status: 429, passes: 'once' }),
  ...coded(['next_cursor_expired', 'invalid_next_cursor', 'cursor_invalid'], { passes: 'once', at: 'page' }),
  ...coded(['resource_not_found'], { at: 'info' }),
  ...entries('refusal', NEVER, [
    {
      name: 'false-bare',
      does: 'success: false and nothing else.',
      effect: { kind: 'envelope', set: { success: false }, drop: ['results'] },
    },
    {
      name: 'false-empty-errors',
      does: 'success: false with empty errors.',
      effect: { kind: 'envelope', set: { success: false, errors: [], errorInfo: null } },
    },
    {
      name: 'false-with-rows',
      does: 'success: false beside rows.',
      effect: { kind: 'envelope', set: { success: false } },
    },
  ]),
];

/** What stands where `success: true` belongs, with and without rows beside it. */
const unsure = (['false', 'true', 0, 1, null, {}, []] as const).flatMap((success) => {
  const said = JSON.stringify(success);
  return [
    { name: `success-${said}`, does: `success is ${said}.`, effect: { kind: 'envelope' as const, set: { success } } },
    {
      name: `success-${said}-empty`,
      does: `success is ${said}, and results is an empty list.`,
      effect: { kind: 'envelope' as const, set: { success, results: [], moreDataAvailable: false } },
    },
  ];
});

const wrongResults = ([null, {}, 'none', 0, true, [[]]] as const).map((results) => ({
  name: `results-${JSON.stringify(results)}`,
  does: `results is ${JSON.stringify(results)}.`,
  effect: { kind: 'envelope' as const, set: { results } },
}));

/** Errors beside a success; the answer cannot be trusted. */
const contradictions = (
  [
    ['errors', ['boom']],
    ['errors', [{ message: 'boom' }]],
    ['errors', 'boom'],
    ['errorInfo', { code: 'boom', message: 'boom' }],
    ['error', 'boom'],
  ] as const
).flatMap(([field, value]) => [
  {
    name: `true-with-${field}-${typeof value === 'string' ? 'text' : JSON.stringify(value).length}`,
    does: `success: true with ${field} ${JSON.stringify(value)} beside rows.`,
    effect: { kind: 'envelope' as const, set: { [field]: value } },
  },
  {
    name: `true-with-${field}-${typeof value === 'string' ? 'text' : JSON.stringify(value).length}-empty`,
    does: `success: true with ${field} ${JSON.stringify(value)} and no rows.`,
    effect: { kind: 'envelope' as const, set: { [field]: value, results: [], moreDataAvailable: false } },
  },
]);

export const envelopeFaults = [
  ...entries('envelope', { passes: 'once', at: 'list' }, [
    { name: 'success-absent', does: 'success is not there.', effect: { kind: 'envelope', drop: ['success'] } },
    ...unsure,
    { name: 'results-absent', does: 'results is not there.', effect: { kind: 'noResults' } },
    ...wrongResults,
    ...contradictions,
  ]),
  ...entries('envelope', { passes: 'always', at: 'any' }, [
    {
      name: 'errors-null',
      does: 'success: true with errors and errorInfo null.',
      effect: { kind: 'envelope', set: { errors: null, errorInfo: null } },
    },
    {
      name: 'errors-empty',
      does: 'success: true with an empty list of errors.',
      effect: { kind: 'envelope', set: { errors: [] } },
    },
    {
      name: 'field-more',
      does: 'A field that nobody knows beside results.',
      effect: { kind: 'envelope', set: { warnings: ['a word'], meta: { page: 1 } } },
    },
  ]),
];
