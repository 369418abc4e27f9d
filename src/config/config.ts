import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { readChoices, type PersonalChoices } from '../personal/choices.ts';
import { OFTEN, type Often } from '../sweep/due.ts';
import { reportsOf } from './reports.ts';
import { configError } from './error.ts';
import { inboxConfig, type InboxConfig } from './inbox.ts';
import { isObject } from '../json-text.ts';

/** The connection form, as the program uses it. */
export interface Config {
  apiKey: string;
  /** Candidates and applications created before this instant are left out. */
  startDate: Date | undefined;
  requestsPerMinute: number;
  /** How often it is found out what was deleted in Ashby; `chosen` says whether the form says so. */
  findDeleted: { often: Often; chosen: boolean };
  /** What is hashed or dropped of personal data; undefined where everything is kept. */
  personal: PersonalChoices | undefined;
  /** Reports that are read as tables: their ids, and what is behind `report_` in the tables' names. */
  reports: readonly { id: string; name: string }[];
  /** Whether custom fields get columns of their own. */
  customFieldColumns: boolean;
  /** The webhook inbox, where there is one. */
  inbox: InboxConfig | undefined;
}

/** The limit that Ashby's help centre states for one key. */
export const DEFAULT_REQUESTS_PER_MINUTE = 1_000;

/** What was compiled of each form: that takes longer than all else here, and a process may read many configurations. */
const validators = new Map<string, ValidateFunction<Record<string, unknown>>>();

function validatorOf(specification: Record<string, unknown>): ValidateFunction<Record<string, unknown>> {
  const text = JSON.stringify(specification);
  const known = validators.get(text);
  const made = known ?? new Ajv({ strict: false, allErrors: true }).compile<Record<string, unknown>>(specification);
  validators.set(text, made);
  return made;
}

/**
 * Reads the connection form. `specification` is `connectionSpecification` of spec.json. Unknown keys are allowed,
 * since people move over from other connectors. Throws a `config_error` that names the field; it never quotes a
 * value, since that might be the key.
 */
export function parseConfig(value: unknown, specification: Record<string, unknown>): Config {
  const validate = validatorOf(specification);
  const given = asMeant(value, specification);
  if (!validate(given)) throw configError((validate.errors ?? []).map(sentence).join(' '));
  const apiKey = String(given['api_key']).trim();
  const fault = keyFault(apiKey);
  if (fault !== undefined) throw configError(`"api_key" ${fault}`);
  const inbox = inboxConfig(given['webhook_inbox_url'], given['webhook_inbox_token']);
  if (typeof inbox === 'string') throw configError(inbox);
  const requestsPerMinute = given['requests_per_minute'];
  return {
    apiKey,
    startDate: startDate(given['start_date']),
    requestsPerMinute: typeof requestsPerMinute === 'number' ? requestsPerMinute : DEFAULT_REQUESTS_PER_MINUTE,
    findDeleted: findDeletedOf(given['find_deleted']),
    personal: personalOf(given['personal_data'], given['personal_data_salt']),
    reports: reportsOf(given['reports']),
    customFieldColumns: given['custom_field_columns'] !== false,
    inbox,
  };
}

function personalOf(given: unknown, salt: unknown): Config['personal'] {
  const read = readChoices(given, typeof salt === 'string' ? salt : undefined);
  if (read && 'problem' in read) throw configError(`"personal_data" ${read.problem}`);
  return read;
}

function findDeletedOf(value: unknown): Config['findDeleted'] {
  const often = OFTEN.find((one) => one === value);
  return often ? { often, chosen: true } : { often: 'weekly', chosen: false };
}

/** Far longer than any key of Ashby's. */
const LONGEST_KEY = 512;

/** Why a text is no key of Ashby's, which can be told without asking Ashby. */
function keyFault(key: string): string | undefined {
  if (key === '') return 'is empty.';
  if (key.length > LONGEST_KEY) return `has ${key.length} characters, more than any Ashby key. Paste the key alone.`;
  if (/^["'`“”‘’«»]|["'`“”‘’«»]$/.test(key)) return 'has quotation marks around it. Paste the key without them.';
  if (/^\$(\w+|\{.*\}|\(.*\))$/.test(key)) return 'is the name of a variable that was not replaced by its value.';
  if (!/^[\x21-\x7e]+$/.test(key)) {
    return 'holds a space or a character that no Ashby key has. Paste the key again, alone and whole.';
  }
  if (key.includes(':')) {
    return 'holds a colon, which no Ashby key has. Paste the key alone, without a password behind it.';
  }
  return undefined;
}

/**
 * The form with its fields as they are meant. Forms send null for a field that was left empty, and whoever fills in a
 * file from environment variables sends an empty text, or a number as a text.
 */
function asMeant(value: unknown, { properties }: Record<string, unknown>): unknown {
  if (!isObject(value)) return value;
  const fields = isObject(properties) ? properties : {};
  const entries = Object.entries(value).flatMap(([name, part]): [string, unknown][] => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (part === null) return [];
    if (name === 'personal_data' && isObject(part)) return [[name, withoutBlanks(part)]];
    if (typeof part !== 'string' || !isObject(field) || name === 'api_key') return [[name, part]];
    const text = part.trim();
    if (text === '') return [];
    if (field['type'] === 'integer' && /^\d{1,15}$/.test(text)) return [[name, Number(text)]];
    if (field['type'] === 'boolean' && /^(true|false)$/i.test(text)) return [[name, text.toLowerCase() === 'true']];
    return [[name, field['type'] === 'string' ? text : part]];
  });
  return Object.fromEntries(entries);
}

function withoutBlanks(form: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(form).filter(([, part]) => part !== null && part !== ''));
}

function startDate(text: unknown): Date | undefined {
  if (typeof text !== 'string') return undefined;
  const date = new Date(text);
  // new Date takes 2024-02-31 for the 2nd of March; a day that does not exist is a slip worth telling.
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text.slice(0, 10))) {
    throw configError('"start_date" is not a day of the calendar. Write it like 2024-01-31.');
  }
  return date;
}

function sentence(error: ErrorObject): string {
  if (error.keyword === 'required') return `"${String(error.params['missingProperty'])}" is missing.`;
  const field = error.instancePath.slice(1);
  if (field === '') return 'It must be one JSON object.';
  if (field === 'start_date' && error.keyword === 'pattern')
    return '"start_date" must look like 2024-01-31 or 2024-01-31T00:00:00Z.';
  if (field === 'find_deleted') return `"find_deleted" must be one of ${OFTEN.join(', ')}.`;
  if (field.startsWith('reports')) {
    return '"reports" must be a list of objects, each with the "id" of a report and, if you like, a "name".';
  }
  if (field === 'requests_per_minute') return '"requests_per_minute" must be a whole number from 1 up.';
  if (field.startsWith('personal_data') && field !== 'personal_data_salt') return personalSentence(field);
  if (field === 'custom_field_columns') return '"custom_field_columns" must be true or false.';
  if (error.keyword === 'minLength') return `"${field}" is empty.`;
  if (error.keyword === 'type') return `"${field}" must be a text.`;
  return `"${field}" ${error.message ?? 'is not valid'}.`;
}

/** The schema sees the same slips as readChoices does, which has the better words for most of them. */
function personalSentence(field: string): string {
  const [, group] = field.split('/');
  if (group === undefined) return '"personal_data" must be an object, such as {"contact": "hash"}.';
  return `"personal_data" must say keep, hash or drop for each group; "${group}" says something else.`;
}
