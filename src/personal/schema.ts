import type { Rule, Schema } from './rules.ts';

const HASHED = 'Replaced by a hash, the same for the same value in every table.';

/** A table's schema as its rows are: what goes is not in it, and what is hashed is text. */
export function protectedSchema(schema: Schema, rule: Rule): Record<string, unknown> {
  const { properties, items, ...rest } = schema;
  const own: Record<string, unknown> = rule.scalar === 'hash' ? asText(rest) : rest;
  const fields = rule.fields && properties ? (properties as Readonly<Record<string, Schema>>) : undefined; // as rules.ts read it
  return {
    ...own,
    ...(fields ? { properties: Object.fromEntries(stayingFields(fields, rule)) } : properties ? { properties } : {}),
    ...(items && rule.items && !rule.items.cut ? { items: protectedSchema(items as Schema, rule.items) } : {}),
  };
}

function stayingFields(fields: Readonly<Record<string, Schema>>, { fields: rules, others }: Rule): [string, Schema][] {
  return Object.entries(fields).flatMap(([name, schema]): [string, Schema][] => {
    const rule = rules?.get(name) ?? others;
    return rule && !rule.cut ? [[name, protectedSchema(schema, rule)]] : [];
  });
}

/** A hash is text, whatever the value was; a union that named kinds of values has nothing left to explain. */
function asText(schema: Schema): Record<string, unknown> {
  const { type, format: _format, airbyte_type: _airbyteType, $comment, description, ...rest } = schema;
  const types = Array.isArray(type) ? type.map(String) : [];
  const containers = types.filter((one) => one === 'array' || one === 'object');
  return {
    ...(type === undefined ? {} : { type: types.length > 0 ? ['null', 'string', ...containers] : 'string' }),
    ...(typeof description === 'string' ? { description: `${description} ${HASHED}` } : {}),
    ...(containers.length > 0 && $comment !== undefined ? { $comment } : {}),
    ...rest,
  };
}
