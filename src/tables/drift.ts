/*
 * Finds where Ashby's rows have outgrown our schemas: fields that are not declared, and values of another type than
 * declared. Nothing is changed or dropped for it. A new field is counted under the declared path that holds it and
 * never named: where an object's keys are data, a name may be somebody's.
 */

/** So many new fields are told apart; an object whose keys are data has new ones without end. */
const MOST_FIELDS = 1_000;

interface Node {
  /** Where the value stands in a row, such as `job.brandId` or `customFields[].value`; empty for the row itself. */
  path: string;
  /** A sum of `bits`. */
  types: number;
  properties: Map<string, Node> | undefined;
  items: Node | undefined;
}

const bits: Record<string, number> = { null: 1, string: 2, number: 4, integer: 4, boolean: 8, array: 16, object: 32 };

/** What the rows of one table hold beyond its schema. */
export class Drift {
  readonly #root: Node;
  readonly #fields = new Set<string>();
  readonly #holders = new Set<string>();
  readonly #otherTypes = new Set<string>();

  constructor(schema: Record<string, unknown>) {
    this.#root = compile(schema, '');
  }

  /** Takes a row in. */
  look(row: Readonly<Record<string, unknown>>): void {
    this.#walk(row, this.#root);
  }

  /** What was found, in a sentence for a log; undefined where the rows are as declared. */
  summary(): string | undefined {
    const count = this.#fields.size;
    const parts = [
      ...(count > 0
        ? [
            `${count >= MOST_FIELDS ? `${MOST_FIELDS} or more` : count} fields that are not declared (in ${list(this.#holders)})`,
          ]
        : []),
      ...(this.#otherTypes.size > 0 ? [`values of another type than declared (in ${list(this.#otherTypes)})`] : []),
    ];
    if (parts.length === 0) return undefined;
    return `Ashby sends ${parts.join(' and ')}. They are passed on as they are.`;
  }

  #walk(value: Readonly<Record<string, unknown>>, { properties, path }: Node): void {
    if (!properties) return;
    for (const name in value) {
      const part = properties.get(name);
      if (part === undefined) this.#undeclared(path, name);
      else this.#check(value[name], part);
    }
  }

  #undeclared(path: string, name: string): void {
    if (this.#fields.size >= MOST_FIELDS) return;
    this.#holders.add(path === '' ? 'the row' : path);
    this.#fields.add(`${path}.${name}`);
  }

  #check(value: unknown, node: Node): void {
    const bit = bitOf(value);
    if ((node.types & bit) === 0) this.#otherTypes.add(node.path);
    else if (bit === 32)
      this.#walk(value as Record<string, unknown>, node); // bit 32 says that it is an object
    else if (bit === 16 && node.items) {
      for (const item of value as unknown[]) this.#check(item, node.items); // bit 16 says that it is an array
    }
  }
}

function list(paths: ReadonlySet<string>): string {
  return [...paths].join(', ');
}

function compile(schema: Record<string, unknown>, path: string): Node {
  const given = schema['type'] ?? Object.keys(bits); // what declares no type may hold anything
  const types = (Array.isArray(given) ? given : [given]).map(String);
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Record<string, unknown>>); // our own files, tested
  const items = schema['items'] as Record<string, unknown> | undefined;
  return {
    path,
    types: types.reduce((all, type) => all | (bits[type] ?? 0), 0),
    properties:
      properties.length > 0
        ? new Map(properties.map(([name, part]) => [name, compile(part, path === '' ? name : `${path}.${name}`)]))
        : undefined,
    items: items ? compile(items, `${path}[]`) : undefined,
  };
}

function bitOf(value: unknown): number {
  if (typeof value === 'string') return 2;
  if (value === null) return 1;
  if (typeof value === 'object') return Array.isArray(value) ? 16 : 32;
  return typeof value === 'number' ? 4 : 8;
}
