import type { Choice, PersonalChoices } from './choices.ts';
import { byTable, everywhere, labels, shapedLike, type Belongs } from './groups.ts';

/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

export type SchemaOf = (table: string) => Schema;

/** What is to be done with a value, by what it turns out to be. Null stays null wherever it is not cut. */
export interface Rule {
  /** Where the value stands in a row, such as `candidate.name`; empty for the row itself. */
  readonly path: string;
  /** The field goes with all that is in it. */
  readonly cut: boolean;
  /** What happens to a text, a number or a boolean; undefined where none is declared, so that it is unknown and goes. */
  readonly scalar: 'keep' | 'hash' | undefined;
  /** What happens to an object or a list: each of its parts by its own rule, or all that is in it alike. Else it is unknown. */
  readonly fields: ReadonlyMap<string, Rule> | undefined;
  /** What happens to fields of other names; undefined where they are unknown and go. */
  readonly others?: Rule;
  readonly items: Rule | undefined;
  readonly open: 'keep' | 'hash' | undefined;
  readonly phone: boolean;
}

/** A field of a schema and the group that it belongs to. */
export interface Place {
  path: string;
  schema: Schema;
  /** The group of the value; undefined for none. */
  group: Exclude<Belongs, 'none'> | undefined;
  /** Says of what kind a personal value is, and goes with it when that is dropped. */
  label: boolean;
}

interface Around {
  table: string;
  schemaOf: SchemaOf;
  choices: PersonalChoices['of'];
}

/** What is done with the rows of a table, whose schema is all that is known of them. */
export function rulesOf(table: string, schemaOf: SchemaOf, choices: PersonalChoices['of'], schema?: Schema): Rule {
  if (table.startsWith('report_')) return reportRule(choices);
  const root: Place = { path: '', schema: schema ?? schemaOf(table), group: undefined, label: false };
  return ruleOf(root, { table, schemaOf, choices });
}

/**
 * A report has the columns that somebody gave it, and nobody knows which of them are personal: the strictest of all
 * choices is for each of them.
 */
function reportRule(choices: PersonalChoices['of']): Rule {
  const chosen = Object.values(choices);
  const [dropped, hashed] = [chosen.includes('drop'), chosen.includes('hash')];
  const leaf = { cut: false, fields: undefined, items: undefined, open: undefined, phone: false };
  const column = (path: string, scalar: Rule['scalar']): Rule => ({ ...leaf, path, scalar });
  const own = reportFields.map((name): [string, Rule] => [
    name,
    column(name, name === '_key' && hashed ? 'hash' : 'keep'),
  ]);
  const others: Rule = { ...column('column', hashed ? 'hash' : 'keep'), cut: dropped };
  return { ...column('', undefined), fields: new Map(own), others };
}

/** What the connector adds to a report's rows. The key is a digest of the row, so it is hashed like the row. */
const reportFields = ['_key', '_report_id', '_generated_at'];

/** Every field of a table's schema, however deep, and items of lists, with the group that they belong to. */
export function* placesOf(table: string, schemaOf: SchemaOf): Generator<Place> {
  yield* below({ path: '', schema: schemaOf(table), group: undefined, label: false }, { table, schemaOf });
}

function* below(place: Place, around: Pick<Around, 'table' | 'schemaOf'>): Generator<Place> {
  for (const part of [...fieldsOf(place, around).values(), ...itemsOf(place, around)]) {
    yield part;
    yield* below(part, around);
  }
}

function ruleOf(place: Place, around: Around): Rule {
  const { path, schema, group, label } = place;
  const choice: Choice = group === undefined ? 'keep' : around.choices[group];
  const fields = new Map([...fieldsOf(place, around)].map(([name, part]) => [name, ruleOf(part, around)]));
  const [item] = itemsOf(place, around).map((part) => ruleOf(part, around));
  const parts = [...fields.values(), ...(item ? [item] : [])];
  // An object without declared fields holds whatever it likes: what belongs to a group is treated as a whole.
  const isOpen = parts.length === 0 && holds(schema, 'object') && group !== undefined;
  const holdsScalars = ['string', 'number', 'integer', 'boolean'].some((type) => holds(schema, type));
  const alive = parts.some(({ cut }) => !cut);
  const own = choice !== 'drop' && (holdsScalars || isOpen);
  const deed = choice === 'hash' && !label ? 'hash' : 'keep';
  return {
    path,
    cut: path !== '' && (choice === 'drop' ? !alive : parts.length > 0 && !alive && !holdsScalars),
    scalar: own && holdsScalars ? deed : undefined,
    fields: fields.size > 0 ? fields : undefined,
    items: item,
    open: own && isOpen ? deed : undefined,
    phone: /(^|\.)(primaryPhoneNumber|phoneNumbers\[\])\.value$|(^|\.)phone(Number)?$/.test(path),
  };
}

/** The declared fields of an object. */
function fieldsOf(place: Place, { table, schemaOf }: Pick<Around, 'table' | 'schemaOf'>): Map<string, Place> {
  const like = shapedLike[`${table}.${place.path}`];
  const known = like ? propertiesOf(schemaOf(like.table))[like.field] : undefined;
  const properties = Object.entries(propertiesOf(isSchema(known) ? known : place.schema));
  return new Map(
    properties.map(([name, schema]) => {
      const path = place.path === '' ? name : `${place.path}.${name}`;
      return [name, partOf(place, { table, name, path, schema: isSchema(schema) ? schema : {} })];
    }),
  );
}

function itemsOf(place: Place, { table }: Pick<Around, 'table' | 'schemaOf'>): Place[] {
  const { items } = place.schema;
  if (!isSchema(items)) return [];
  return [partOf(place, { table, name: '', path: `${place.path}[]`, schema: items })];
}

function partOf(
  around: Place,
  { table, name, path, schema }: { table: string; name: string; path: string; schema: Schema },
): Place {
  const own: Belongs | undefined = byTable[table]?.[path] ?? customColumn(path) ?? everywhereOf(name);
  if (own !== undefined) return { path, schema, group: own === 'none' ? undefined : own, label: false };
  const untouched = isIdOrTime(name, around, schema);
  const isValue = /(^|\.)value(\[\])?$/.test(around.path); // what lies in a value is all of it value
  const label = around.group !== undefined && !isValue && labels[around.group]?.includes(name) === true;
  return { path, schema, group: untouched ? undefined : around.group, label };
}

function everywhereOf(name: string): Belongs | undefined {
  return Object.hasOwn(everywhere, name) ? everywhere[name] : undefined;
}

/** Columns that hold the value of one custom field each. */
function customColumn(path: string): Belongs | undefined {
  return /^cf_\w+$/.test(path) ? 'custom_fields' : undefined;
}

/** Ids join rows and times place them; neither says who somebody is. Items of a list of ids are ids. */
function isIdOrTime(name: string, around: Place, { format }: Schema): boolean {
  const isList = name === '';
  const own = isList ? (around.path.split('.').at(-1) ?? '') : name;
  return own === 'id' || /[a-z]Ids?$/.test(own) || /[a-z]At$/.test(own) || format === 'date-time' || format === 'date';
}

/** What declares no type may hold anything. */
function holds({ type }: Schema, wanted: string): boolean {
  return type === undefined || (Array.isArray(type) ? type.includes(wanted) : type === wanted);
}

function propertiesOf({ properties }: Schema): Schema {
  return isSchema(properties) ? properties : {};
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
