import { readFileSync } from 'node:fs';

/*
 * The files that ship with the program. This module and the bundle made of it both lie one folder below the
 * package's root, so that one relative address serves the tests and the built program.
 */
const root = new URL('../', import.meta.url);

function json(path: string): Record<string, unknown> {
  // The files are ours and are validated by the tests; each holds one object.
  return JSON.parse(readFileSync(new URL(path, root), 'utf8')) as Record<string, unknown>;
}

/** `spec/spec.json`: the payload of the SPEC message. */
export function loadSpec(): { connectionSpecification: Record<string, unknown> } & Record<string, unknown> {
  const spec = json('spec/spec.json');
  return { ...spec, connectionSpecification: spec['connectionSpecification'] as Record<string, unknown> };
}

/** `schemas/<stream>.json`: the JSON Schema of one table. */
export function loadSchema(stream: string): Record<string, unknown> {
  return json(`schemas/${stream}.json`);
}

/** The version in package.json, such as "0.1.0". */
export function packageVersion(): string {
  return String(json('package.json')['version']);
}
