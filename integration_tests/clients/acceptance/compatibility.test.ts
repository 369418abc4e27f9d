/* The comparison itself barks: each kind of break is planted, and found. */

import { describe, expect, test } from '@jest/globals';
import { brokenInCatalog, brokenInSpec, type CatalogStream } from './compatibility.ts';

const form = {
  type: 'object',
  required: ['key'],
  properties: {
    key: { type: 'string', airbyte_secret: true },
    size: { type: 'integer', minimum: 1 },
    mode: { type: 'string', enum: ['a', 'b'] },
  },
};
const changedForm = (name: string, part: object): object => ({
  ...form,
  properties: { ...form.properties, [name]: part },
});

describe('a form', () => {
  test('without changes, or with a new optional field, breaks nothing', () => {
    expect(brokenInSpec(form, form)).toEqual([]);
    expect(brokenInSpec(form, { ...form, properties: { ...form.properties, more: { type: 'string' } } })).toEqual([]);
  });

  test.each([
    ['a field is required', { ...form, required: ['key', 'size'] }],
    ['a field is gone', { ...form, properties: { key: form.properties.key } }],
    ['a type is another', changedForm('size', { type: 'string' })],
    ['a bound is narrower', changedForm('size', { type: 'integer', minimum: 2 })],
    ['a value is gone', changedForm('mode', { type: 'string', enum: ['a'] })],
    ['there is a pattern', changedForm('mode', { type: 'string', enum: ['a', 'b'], pattern: '^a' })],
    ['a secret is shown', changedForm('key', { type: 'string' })],
  ])('in which %s is broken', (_what, now) => {
    expect(brokenInSpec(form, now as Record<string, unknown>)).not.toEqual([]);
  });
});

const stream: CatalogStream = {
  name: 's',
  json_schema: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      at: { type: ['null', 'string'], format: 'date-time' },
      list: { type: 'array', items: { properties: { a: { type: 'string' } } } },
    },
  },
  supported_sync_modes: ['full_refresh', 'incremental'],
  source_defined_primary_key: [['id']],
  default_cursor_field: ['at'],
};
const fields = stream.json_schema['properties'] as Record<string, object>;
const withFields = (properties: object): CatalogStream => ({
  ...stream,
  json_schema: { ...stream.json_schema, properties },
});

describe('a catalog', () => {
  test('without changes, or with a new stream or field, breaks nothing', () => {
    expect(brokenInCatalog([stream], [stream])).toEqual([]);
    expect(brokenInCatalog([stream], [withFields({ ...fields, more: {} }), { ...stream, name: 't' }])).toEqual([]);
  });

  test.each<[string, CatalogStream[]]>([
    ['a stream is gone', []],
    ['a field is gone', [withFields({ id: fields['id'], at: fields['at'] })]],
    ['a field of an array is gone', [withFields({ ...fields, list: { type: 'array', items: { properties: {} } } })]],
    ['a type is another', [withFields({ ...fields, id: { type: 'integer' } })]],
    ['a format is another', [withFields({ ...fields, at: { type: ['null', 'string'] } })]],
    ['a key is another', [{ ...stream, source_defined_primary_key: [['at']] }]],
    ['a cursor is another', [{ ...stream, default_cursor_field: ['id'] }]],
    ['a mode is gone', [{ ...stream, supported_sync_modes: ['full_refresh'] }]],
  ])('in which %s is broken', (_what, now) => {
    expect(brokenInCatalog([stream], now)).not.toEqual([]);
  });
});
