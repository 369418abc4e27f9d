import { createHmac, createHash } from 'node:crypto';
import type { Row } from '../ashby/rows/rows.ts';
import { groups, type PersonalChoices } from './choices.ts';
import { protectedRow } from './apply.ts';
import type { EditTools } from './edits.ts';
import { hasher, type HashText } from './hash.ts';
import { placesOf, rulesOf, type Rule, type SchemaOf } from './rules.ts';
import { protectedSchema } from './schema.ts';
import { Unknown } from './unknown.ts';

export interface ProtectionOptions {
  choices: PersonalChoices;
  /** The schema of a table as the repository has it. */
  schemaOf: SchemaOf;
}

/** Rows of one table, before and after. */
export type Protect = (rows: readonly Row[]) => readonly Row[];

/** A table as far as its personal data goes. */
export interface ProtectedTable {
  name: string;
  /** Fields that are cut from its rows whatever was chosen. */
  cuts?: readonly string[];
}

/** What was chosen for personal data, and doing it: to rows, schemas, and what a state remembers of it. */
export class Protection {
  readonly #choices: PersonalChoices;
  readonly #schemaOf: SchemaOf;
  readonly #hash: HashText;
  readonly #unknown = new Map<string, Unknown>();

  constructor({ choices, schemaOf }: ProtectionOptions) {
    this.#choices = choices;
    this.#schemaOf = schemaOf;
    this.#hash = choices.salt === undefined ? unsalted : hasher(choices.salt);
  }

  /** For rows as Ashby sent them, before anybody looks at one. */
  rowsOf({ name, cuts = [] }: ProtectedTable): Protect {
    const rule = this.ruleOf(name);
    const tools = this.tools(name, cuts);
    return (rows) => rows.map((row) => protectedRow(row, rule, tools));
  }

  /** What a table's rows look like; `schema` is the one that is offered, where that is another than the repository's. */
  schema(table: string, schema = this.#schemaOf(table)): Record<string, unknown> {
    return protectedSchema(schema, rulesOf(table, this.#schemaOf, this.#choices.of, schema));
  }

  /**
   * A digest of what was chosen for the groups that a table has fields of, with the salt where one of them is hashed:
   * rows of another one look otherwise. Undefined where all of them are kept.
   */
  fingerprint(table: string): string | undefined {
    if (table.startsWith('report_')) return undefined; // read whole each time, and of no known schema
    const present = new Set([...placesOf(table, this.#schemaOf)].map(({ group }) => group));
    const chosen = groups.filter((group) => present.has(group) && this.#choices.of[group] !== 'keep');
    if (chosen.length === 0) return undefined;
    const text = chosen.map((group) => `${group}:${this.#choices.of[group]}`).join(' ');
    const { salt } = this.#choices;
    const isHashed = salt !== undefined && chosen.some((group) => this.#choices.of[group] === 'hash');
    const digest = isHashed ? createHmac('sha256', salt) : createHash('sha256');
    return digest.update(`personal_data ${text}`).digest('base64url').slice(0, 16);
  }

  /** What was left out because no schema declares it, in a sentence for each table. */
  told(): { table: string; text: string }[] {
    return [...this.#unknown].flatMap(([table, unknown]) => {
      const text = unknown.summary();
      return text === undefined ? [] : [{ table, text }];
    });
  }

  /** Columns of a table that nothing is left of. */
  droppedColumns(table: string): string[] {
    return [...(this.ruleOf(table).fields ?? [])].flatMap(([name, { cut }]) => (cut ? [name] : []));
  }

  /** What is to be done with a table's rows. */
  ruleOf(table: string): Rule {
    return rulesOf(table, this.#schemaOf, this.#choices.of);
  }

  /** What the walk over a row needs; unknown fields count as the table's. */
  tools(table: string, cuts: readonly string[] = []): EditTools {
    const unknown = this.#unknown.get(table) ?? new Unknown();
    this.#unknown.set(table, unknown);
    return {
      hash: this.#hash,
      unknown: (holder, name) => {
        if (holder !== '' || name === undefined || !cuts.includes(name)) unknown.add(holder, name);
      },
    };
  }
}

function unsalted(): never {
  throw new Error('something is to be hashed and there is no salt'); // readChoices refuses such a form
}
