import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadSpec } from '../assets.ts';
import { ASHBY_URL, baseUrl } from './base-url.ts';
import { parseConfig } from './config.ts';

const specification = loadSpec().connectionSpecification;
const parse = (value: unknown) => parseConfig(value, specification);
const KEY = 'made-up-key-0123456789';

describe('the webhook inbox', () => {
  const inbox = (url: unknown, token: unknown) =>
    parse({ api_key: KEY, webhook_inbox_url: url, webhook_inbox_token: token }).inbox;

  test.each([
    ['http://receiver:8081', 'http://receiver:8081'],
    [' https://inbox.example.com/ ', 'https://inbox.example.com'],
    ['https://example.com/ashby/events/', 'https://example.com/ashby'],
  ])('%j is an address', (given, url) => {
    expect(inbox(given, ' a-token ')).toEqual({ url, token: 'a-token' });
  });

  test('is none where both fields are empty', () => {
    expect([inbox(undefined, undefined), inbox('', null)]).toEqual([undefined, undefined]);
  });

  test.each<[string, unknown, unknown, RegExp]>([
    ['one without the other', 'http://a', '', /without "webhook_inbox_token"/],
    ['the other without the one', null, 'secret-token', /without "webhook_inbox_url"/],
    ['no address', 'receiver', 'secret-token', /no http or https address/],
    ['another protocol', 'file:///secret', 'secret-token', /no http or https address/],
    ['a token in the address', 'http://secret@a', 'secret-token', /user name or password/],
    ['a query', 'http://a?secret', 'secret-token', /more than an address/],
    ['a token of two lines', 'http://a', 'secret\ntoken', /space or a character/],
  ])('%s is refused without being quoted', (_name, url, token, sentence) => {
    const message = (() => {
      try {
        return String(inbox(url, token));
      } catch (thrown) {
        return String(thrown);
      }
    })();
    expect(message).toMatch(sentence);
    expect(message).not.toContain('secret');
  });
});

describe('parseConfig', () => {
  test('a key alone is enough', () => {
    expect(parse({ api_key: KEY })).toEqual({
      apiKey: KEY,
      startDate: undefined,
      requestsPerMinute: 1000,
      findDeleted: { often: 'weekly', chosen: false },
      reports: [],
      personal: undefined,
      customFieldColumns: true,
    });
  });

  test('personal data is kept unless a group says otherwise; what was left empty is kept', () => {
    for (const personal_data of [undefined, null, {}, { contact: 'keep', free_text: '', employees: null }])
      expect(parse({ api_key: KEY, personal_data }).personal).toBeUndefined();
    const personal_data = { contact: 'hash', free_text: 'drop', employees: '' };
    expect(parse({ api_key: KEY, personal_data, personal_data_salt: ' pepper ' }).personal).toEqual({
      of: expect.objectContaining({ contact: 'hash', free_text: 'drop', employees: 'keep', custom_fields: 'keep' }),
      salt: 'pepper',
    });
    expect(parse({ api_key: KEY, personal_data: { contact: 'drop' } }).personal?.salt).toBeUndefined();
  });

  test('white space around a pasted key is dropped, unknown keys and empty fields are tolerated', () => {
    expect(
      parse({ api_key: ` ${KEY}\n`, start_date: null, requests_per_minute: null, _limit: 5, other: {} }).apiKey,
    ).toBe(KEY);
  });

  test.each(['2024-02-29', '2024-02-29T12:30:00Z', '2024-02-29T12:30:00.123456Z'])(
    '%s is a start date',
    (start_date) => {
      expect(parse({ api_key: KEY, start_date }).startDate?.toISOString()).toMatch(/^2024-02-29T/);
    },
  );

  test.each([
    ['no key', {}, /"api_key" is missing/],
    ['an empty key', { api_key: '' }, /"api_key" is empty/],
    ['a blank key', { api_key: '  ' }, /"api_key" is empty/],
    ['a key that is a number', { api_key: 5 }, /"api_key" must be a text/],
    ['a key with a space inside', { api_key: 'made up' }, /space/],
    ['a key in quotes', { api_key: `"${KEY}"` }, /quotation marks/],
    ['a key in typographic quotes', { api_key: `“${KEY}”` }, /quotation marks/],
    ['a key that is a variable', { api_key: '${ASHBY_API_KEY}' }, /variable/],
    ['an endless key', { api_key: 'x'.repeat(513) }, /513 characters/],
    ['a key with a password behind it', { api_key: `${KEY}:` }, /colon/],
    ['a list', [], /one JSON object/],
    ['text', 'key', /one JSON object/],
    ['null', null, /one JSON object/],
    ['a date in another form', { api_key: KEY, start_date: '1/2/2024' }, /"start_date" must look like/],
    ['a day that does not exist', { api_key: KEY, start_date: '2023-02-29' }, /not a day of the calendar/],
    ['an hour that does not exist', { api_key: KEY, start_date: '2023-02-28T25:00:00Z' }, /not a day of the calendar/],
    ['half a request', { api_key: KEY, requests_per_minute: 0.5 }, /whole number from 1/],
    ['no requests', { api_key: KEY, requests_per_minute: 0 }, /whole number from 1/],
    [
      'columns in a word',
      { api_key: KEY, custom_field_columns: 'some' },
      /"custom_field_columns" must be true or false/,
    ],
    ['requests in words', { api_key: KEY, requests_per_minute: 'many' }, /whole number from 1/],
    ['personal data in a word', { api_key: KEY, personal_data: 'drop' }, /"personal_data" must be an object/],
    ['a group that there is none', { api_key: KEY, personal_data: { freetext: 'drop' } }, /no group of personal data/],
    [
      'a choice that there is none',
      { api_key: KEY, personal_data: { contact: 'mask' } },
      /keep, hash or drop.*"contact"/,
    ],
    ['a hash without a salt', { api_key: KEY, personal_data: { contact: 'hash' } }, /there is no salt/],
    [
      'a hash with a blank salt',
      { api_key: KEY, personal_data: { contact: 'hash' }, personal_data_salt: ' ' },
      /there is no salt/,
    ],
  ])('%s is a config_error that names the field', (_case, value, message) => {
    expect(() => parse(value)).toThrow(
      expect.objectContaining({ failureType: 'config_error', message: expect.stringMatching(message) as unknown }),
    );
  });

  test.each([
    ['empty texts, as environment variables leave them', { start_date: '', requests_per_minute: '' }, {}],
    ['blank texts', { start_date: ' ', requests_per_minute: '\n' }, {}],
    ['a number as a text', { requests_per_minute: ' 500 ' }, { requestsPerMinute: 500 }],
    ['a switch as a text', { custom_field_columns: ' False ' }, { customFieldColumns: false }],
    ['a switch that says what is so anyway', { custom_field_columns: true }, {}],
    ['a date with white space', { start_date: ' 2024-01-31 ' }, { startDate: new Date('2024-01-31') }],
  ])('%s are taken as they are meant', (_case, fields, expected) => {
    expect(parse({ api_key: KEY, ...fields })).toEqual({
      apiKey: KEY,
      startDate: undefined,
      requestsPerMinute: 1000,
      findDeleted: { often: 'weekly', chosen: false },
      reports: [],
      customFieldColumns: true,
      ...expected,
    });
  });

  test('whatever the form is, it is read or refused with a config_error that quotes nothing of it', () => {
    const anyKey = fc.constantFrom('api_key', 'start_date', 'requests_per_minute', '__proto__', 'constructor');
    const form = fc.oneof(fc.jsonValue(), fc.dictionary(anyKey, fc.jsonValue()));
    fc.assert(
      fc.property(form, (value) => {
        try {
          parse(value);
        } catch (error) {
          expect(error).toMatchObject({ failureType: 'config_error' });
        }
      }),
    );
  });

  test('an error never quotes a value', () => {
    expect(() => parse({ api_key: 'secret key with spaces' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') as unknown }),
    );
  });
});

describe('baseUrl', () => {
  test.each([undefined, ''])('%j means Ashby itself, through the proxy if there is one', (override) => {
    expect(baseUrl(override)).toEqual({ url: ASHBY_URL, overridden: false, useProxy: true });
  });

  test.each(['http://127.0.0.1:4010', 'http://localhost:4010/', 'http://[::1]:4010', 'http://127.9.9.9'])(
    '%s is this machine, and never goes through a proxy',
    (override) => {
      expect(baseUrl(override)).toMatchObject({ overridden: true, useProxy: false });
    },
  );

  test('https is taken for any host', () => {
    expect(baseUrl('https://ashby.example.com/base/')).toEqual({
      url: 'https://ashby.example.com/base',
      overridden: true,
      useProxy: true,
    });
  });

  test.each([
    'http://ashby.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1',
    'ftp://localhost',
    'file:///etc/passwd',
    'not an address',
    'https://user:word@ashby.example.com',
    'https://ashby.example.com/?x=1',
  ])('%s is refused with a config_error', (override) => {
    expect(() => baseUrl(override)).toThrow(expect.objectContaining({ failureType: 'config_error' }));
  });
});
