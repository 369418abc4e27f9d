/** Refuses bodies that Ashby's published request schemas do not allow. */

import { CURSOR_IF_GIVEN, type Endpoint, type Param } from './endpoints.ts';
import { ApiError, type Body } from './types.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A day, or an instant with its zone. */
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

function problem(param: Param, value: unknown): string | undefined {
  switch (param.type) {
    case 'string':
      return typeof value === 'string' ? undefined : 'must be a string';
    case 'id':
      return typeof value === 'string' && UUID.test(value) ? undefined : 'must be a UUID';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be a boolean';
    case 'integer':
      return Number.isSafeInteger(value) ? undefined : 'must be an integer (epoch milliseconds)';
    case 'limit':
      return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 100
        ? undefined
        : 'must be an integer from 1 to 100';
    case 'date':
      return typeof value === 'string' && ISO_DATE.test(value) && !Number.isNaN(Date.parse(value))
        ? undefined
        : 'must be an ISO 8601 date';
    case 'strings':
    case 'words':
      return Array.isArray(value) && value.every((v) => typeof v === 'string')
        ? undefined
        : 'must be an array of strings';
    case 'enum':
      return typeof value === 'string' && param.values.includes(value)
        ? undefined
        : `must be one of ${param.values.join(', ')}`;
    case 'enums':
      return Array.isArray(value) && value.every((v) => param.values.includes(v as string))
        ? undefined
        : `must be an array of ${param.values.join(', ')}`;
  }
}

/** Checks a parsed body; throws `invalid_input` that names the parameter. */
export function validate(endpoint: Endpoint, body: unknown, refused: readonly string[]): asserts body is Body {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError('invalid_input', 'The request body must be a JSON object');
  }
  for (const [name, value] of Object.entries(body)) {
    const allowed = !refused.includes(name) && !refused.includes(`${endpoint.name}:${name}`);
    const param: Param | undefined =
      endpoint.params.get(name) ??
      (name === 'cursor' && CURSOR_IF_GIVEN.has(endpoint.name) ? { type: 'string' } : undefined);
    if (!param || !allowed) throw new ApiError('invalid_input', `Unknown parameter: ${name}`);
    if (value === null) throw new ApiError('invalid_input', `${name} must not be null`);
    const wrong = problem(param, value);
    if (wrong) throw new ApiError('invalid_input', `${name} ${wrong}`);
    const strange = param.type === 'words' && (value as string[]).find((word) => !param.values.includes(word));
    if (typeof strange === 'string') throw new ApiError('invalid_input', `${name} knows no ${strange}`, 400);
  }
  for (const name of endpoint.required) {
    if (!(name in body)) throw new ApiError('invalid_input', `${name} is required`);
  }
}
