/** Whether a spec or a catalog can take the place of an older one; the rules are those of Airbyte's acceptance tests. */

type Schema = Record<string, unknown>;

export interface CatalogStream {
  name: string;
  json_schema: Schema;
  supported_sync_modes: string[];
  source_defined_primary_key?: string[][];
  default_cursor_field?: string[];
  source_defined_cursor?: boolean;
}

/** What in the new form would break people who filled in the old one. */
export function brokenInSpec(before: Schema, now: Schema): string[] {
  return brokenForm(before, now, 'the form');
}

function brokenForm(before: Schema, now: Schema, at: string): string[] {
  const broken: string[] = [];
  const newlyRequired = list(now['required']).filter((name) => !list(before['required']).includes(name));
  for (const name of newlyRequired) broken.push(`${at}: ${name} has become required`);
  const after = properties(now);
  for (const [name, old] of Object.entries(properties(before))) {
    const here = `${at}: ${name}`;
    const part = after[name];
    if (!part) {
      broken.push(`${here} is gone`);
      continue;
    }
    const lost = types(old).filter((type) => !types(part).includes(type));
    if (lost.length > 0) broken.push(`${here} takes ${lost.join(', ')} no longer`);
    if (Array.isArray(part['enum'])) {
      const values = list(old['enum']);
      if (values.length === 0) broken.push(`${here} takes a few values only`);
      for (const value of values)
        if (!list(part['enum']).includes(value)) broken.push(`${here} takes ${value} no longer`);
    }
    for (const [bound, narrower] of [
      ['minimum', 1],
      ['minLength', 1],
      ['maximum', -1],
      ['maxLength', -1],
    ] as const) {
      const [was, is] = [old[bound], part[bound]];
      if (typeof is === 'number' && (typeof was !== 'number' || (is - was) * narrower > 0))
        broken.push(`${here} has a narrower ${bound}`);
    }
    if (part['pattern'] !== undefined && !isAsWide(part['pattern'], old['pattern']))
      broken.push(`${here} has another pattern`);
    if (old['airbyte_secret'] === true && part['airbyte_secret'] !== true) broken.push(`${here} is a secret no longer`);
    broken.push(...brokenForm(old, part, here));
  }
  return broken;
}

/** What in the new catalog would break connections that were made with the old one. */
export function brokenInCatalog(before: readonly CatalogStream[], now: readonly CatalogStream[]): string[] {
  const broken: string[] = [];
  for (const old of before) {
    const stream = now.find(({ name }) => name === old.name);
    if (!stream) {
      broken.push(`${old.name} is gone`);
      continue;
    }
    for (const mode of old.supported_sync_modes) {
      if (!stream.supported_sync_modes.includes(mode)) broken.push(`${old.name} cannot be read in ${mode} any more`);
    }
    for (const field of ['source_defined_primary_key', 'default_cursor_field', 'source_defined_cursor'] as const) {
      // A table that becomes incremental gains a cursor: that takes nothing from anybody.
      const gained = old[field] === undefined && field !== 'source_defined_primary_key';
      if (!gained && JSON.stringify(stream[field]) !== JSON.stringify(old[field]))
        broken.push(`${old.name} has another ${field}`);
    }
    broken.push(...brokenFields(old.json_schema, stream.json_schema, old.name));
  }
  return broken;
}

/** A pattern that takes what the old one took, and the empty text besides. */
function isAsWide(pattern: unknown, old: unknown): boolean {
  return pattern === old || pattern === `^$|${String(old)}`;
}

function brokenFields(before: Schema, now: Schema, at: string): string[] {
  const broken: string[] = [];
  const after = properties(now);
  for (const [name, old] of Object.entries(properties(before))) {
    const here = `${at}.${name}`;
    const field = after[name];
    if (!field) broken.push(`${here} is gone`);
    else {
      if (JSON.stringify(types(old)) !== JSON.stringify(types(field)))
        broken.push(`${here} was ${types(old).join('|')} and is ${types(field).join('|')}`);
      for (const part of ['format', 'airbyte_type'])
        if (old[part] !== field[part]) broken.push(`${here} has another ${part}`);
      broken.push(...brokenFields(old, field, here));
    }
  }
  if (isSchema(before['items'])) {
    if (isSchema(now['items'])) broken.push(...brokenFields(before['items'], now['items'], `${at}[]`));
    else broken.push(`${at}[] is not described any more`);
  }
  return broken;
}

function properties(schema: Schema): Record<string, Schema> {
  return isSchema(schema['properties']) ? (schema['properties'] as Record<string, Schema>) : {};
}

function types({ type }: Schema): string[] {
  return (Array.isArray(type) ? type.map(String) : type === undefined ? [] : [String(type)]).sort();
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
