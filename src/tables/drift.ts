/**
 * Finds where Ashby's rows have outgrown our schemas: fields that are not declared, and values of another type than
 * declared. Nothing is changed or dropped for it; each finding is told once a stream, by the field's path alone.
 */
export type DriftCheck = (row: Record<string, unknown>) => void;

/** An object whose keys are data, not names, must not fill the log. */
const MOST_FINDINGS = 25;

interface Node {
  /** Where the value stands in a row, such as `job.brandId` or `customFields[].value`. */
  path: string;
  /** A sum of `bits`. */
  types: number;
  declared: string;
  properties: Map<string, Node> | undefined;
  items: Node | undefined;
}

const bits: Record<string, number> = { null: 1, string: 2, number: 4, integer: 4, boolean: 8, array: 16, object: 32 };

/** Makes the check for one schema. `report` is called once for each finding, with a phrase for a log line. */
export function driftCheck(schema: Record<string, unknown>, report: (finding: string) => void): DriftCheck {
  const root = compile(schema, '');
  const told = new Set<string>();
  const tell = (finding: string): void => {
    if (told.has(finding) || told.size >= MOST_FINDINGS) return;
    told.add(finding);
    report(told.size === MOST_FINDINGS ? `${finding} (further findings are not listed)` : finding);
  };
  return (row) => walk(row, root, tell);
}

function compile(schema: Record<string, unknown>, path: string): Node {
  const given = schema['type'] ?? Object.keys(bits); // what declares no type may hold anything
  const types = (Array.isArray(given) ? given : [given]).map(String);
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Record<string, unknown>>); // our own files, tested
  const items = schema['items'] as Record<string, unknown> | undefined;
  return {
    path,
    types: types.reduce((all, type) => all | (bits[type] ?? 0), 0),
    declared: types.filter((type) => type !== 'null').join(' or '),
    properties:
      properties.length > 0
        ? new Map(properties.map(([name, part]) => [name, compile(part, path === '' ? name : `${path}.${name}`)]))
        : undefined,
    items: items ? compile(items, `${path}[]`) : undefined,
  };
}

function walk(value: Record<string, unknown>, node: Node, tell: (finding: string) => void): void {
  const { properties, path } = node;
  if (!properties) return;
  for (const name in value) {
    const part = properties.get(name);
    if (part === undefined) tell(`a field that is not declared: ${path === '' ? '' : `${path}.`}${name}`);
    else check(value[name], part, tell);
  }
}

function check(value: unknown, node: Node, tell: (finding: string) => void): void {
  const bit = bitOf(value);
  if ((node.types & bit) === 0) {
    tell(
      `${node.path} holds ${value === null ? 'null' : Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`}, declared is ${node.declared}`,
    );
  } else if (bit === 32) {
    walk(value as Record<string, unknown>, node, tell); // bit 32 says that it is an object
  } else if (bit === 16 && node.items) {
    for (const item of value as unknown[]) check(item, node.items, tell); // bit 16 says that it is an array
  }
}

function bitOf(value: unknown): number {
  if (typeof value === 'string') return 2;
  if (value === null) return 1;
  if (typeof value === 'object') return Array.isArray(value) ? 16 : 32;
  return typeof value === 'number' ? 4 : 8;
}
