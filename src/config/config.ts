import { Ajv, type ErrorObject } from 'ajv';
import { ConnectorError } from '../errors.ts';
import { OFTEN, type Often } from '../sweep/due.ts';
import { reportsOf } from './reports.ts';
import { configError } from './error.ts';

/** The connection form, as the program uses it. */
export interface Config {
  apiKey: string;
  /** Candidates and applications created before this instant are left out. */
  startDate: Date | undefined;
  requestsPerMinute: number;
  /** How often it is found out what was deleted in Ashby; `chosen` says whether the form says so. */
  findDeleted: { often: Often; chosen: boolean };
  /** Reports that are read as tables: their ids, and what is behind `report_` in the tables' names. */
  reports: readonly { id: string; name: string }[];
  /** Whether custom fields get columns of their own. */
  customFieldColumns: boolean;
}

/** The limit that Ashby's help centre states for one key. */
export const DEFAULT_REQUESTS_PER_MINUTE = 1_000;

/**
 * Reads the connection form. `specification` is `connectionSpecification` of spec.json. Unknown keys are allowed,
 * since people move over from other connectors. Throws a `config_error` that names the field; it never quotes a
 * value, since that might be the key.
 */
export function parseConfig(value: unknown, specification: Record<string, unknown>): Config {
  const validate = new Ajv({ strict: false, allErrors: true }).compile<Record<string, unknown>>(specification);
  const given = asMeant(value, specification);
  if (!validate(given)) throw configError((validate.errors ?? []).map(sentence).join(' '));
  const apiKey = String(given['api_key']).trim();
  const fault = keyFault(apiKey);
  if (fault !== undefined) throw configError(`"api_key" ${fault}`);
  const requestsPerMinute = given['requests_per_minute'];
  return {
    apiKey,
    startDate: startDate(given['start_date']),
    requestsPerMinute: typeof requestsPerMinute === 'number' ? requestsPerMinute : DEFAULT_REQUESTS_PER_MINUTE,
    findDeleted: findDeletedOf(given['find_deleted']),
    reports: reportsOf(given['reports']),
    customFieldColumns: given['custom_field_columns'] !== false,
  };
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
    if (typeof part !== 'string' || !isObject(field) || name === 'api_key') return [[name, part]];
    const text = part.trim();
    if (text === '') return [];
    if (field['type'] === 'integer' && /^\d{1,15}$/.test(text)) return [[name, Number(text)]];
    if (field['type'] === 'boolean' && /^(true|false)$/i.test(text)) return [[name, text.toLowerCase() === 'true']];
    return [[name, field['type'] === 'string' ? text : part]];
  });
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
  if (field === 'custom_field_columns') return '"custom_field_columns" must be true or false.';
  if (error.keyword === 'minLength') return `"${field}" is empty.`;
  if (error.keyword === 'type') return `"${field}" must be a text.`;
  return `"${field}" ${error.message ?? 'is not valid'}.`;
}

/** Where Ashby's API lives. */
export const ASHBY_URL = 'https://api.ashbyhq.com';

export interface BaseUrl {
  url: string;
  /** Whether it was overridden by ASHBY_BASE_URL. */
  overridden: boolean;
  /** A request to this machine must never go to a proxy: the key would travel there in the clear. */
  useProxy: boolean;
}

/**
 * Ashby's address, or the one in the environment variable ASHBY_BASE_URL, for the simulator. It is no part of the
 * configuration, since whoever may edit that could send the key elsewhere. Only https is taken, and plain http for
 * this machine alone. Throws a `config_error` otherwise.
 */
export function baseUrl(override: string | undefined): BaseUrl {
  if (override === undefined || override === '') return { url: ASHBY_URL, overridden: false, useProxy: true };
  const refuse = (why: string): ConnectorError =>
    new ConnectorError(
      `The environment variable ASHBY_BASE_URL ${why}. Unset it, or give an https address, or an http address of this machine.`,
      {
        failureType: 'config_error',
      },
    );
  let url: URL;
  try {
    url = new URL(override);
  } catch (cause) {
    throw new ConnectorError(
      'The environment variable ASHBY_BASE_URL is not an address. Unset it, or give one like https://api.ashbyhq.com.',
      {
        failureType: 'config_error',
        cause,
      },
    );
  }
  if (url.username !== '' || url.password !== '') throw refuse('holds a user name or password');
  if (url.search !== '' || url.hash !== '') throw refuse('holds more than an address');
  const loopback =
    url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw refuse('is neither https nor http on this machine, so the API key would travel unprotected');
  }
  return { url: url.href.replace(/\/+$/, ''), overridden: true, useProxy: !loopback };
}
