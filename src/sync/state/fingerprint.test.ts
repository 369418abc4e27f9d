import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { ListSource, Table } from '../../tables/definition.ts';
import { findTable } from '../../tables/lineage.ts';
import { streams } from '../../tables/table.ts';
import { fingerprintOf } from './fingerprint.ts';

function list(source: Partial<ListSource> = {}): Table {
  const plain = { kind: 'list', endpoint: 'a.list', permission: 'jobsRead', sendsLimit: true, more: 'said' } as const;
  return { name: 'a', key: ['id'], source: { ...plain, givesToken: true, body: { x: 1, y: [1, 2] }, ...source } };
}
const calls = (endpoint: string, body?: Record<string, unknown>, parent = 'candidates'): Table => ({
  name: 'c',
  key: ['id'],
  source: {
    kind: 'calls',
    parent,
    endpoint,
    permission: 'candidatesRead',
    parameter: 'p',
    answer: 'list',
    follow: 'changed',
    ...(body ? { body } : {}),
  },
});
const DAY = new Date('2024-01-01T00:00:00.000Z');
const required = (name: string): Table => {
  const table = findTable(name);
  if (!table) throw new Error(`no table ${name}`);
  return table;
};

test('a fingerprint does not depend on the order of keys, and does on everything that is asked', () => {
  const shape = fingerprintOf(list(), undefined, undefined);
  expect(fingerprintOf(list({ body: { y: [1, 2], x: 1 } }), undefined, undefined)).toBe(shape);
  const others = [
    fingerprintOf(list({ endpoint: 'b.list' }), undefined, undefined),
    fingerprintOf(list({ body: { x: 1, y: [2, 1] } }), undefined, undefined),
    fingerprintOf(list(), 'CandidateExperience', undefined),
    fingerprintOf(list({ startDateApplies: true }), undefined, DAY),
    fingerprintOf(calls('c.list'), undefined, undefined),
    fingerprintOf(calls('d.list'), undefined, undefined),
    fingerprintOf(calls('c.list', { x: 1 }), undefined, undefined),
    fingerprintOf(calls('c.list', undefined, 'jobs'), undefined, undefined),
    fingerprintOf(calls('c.list'), undefined, DAY),
  ];
  expect(new Set([shape, ...others]).size).toBe(10);
});

test('the start date counts only where rows are chosen by it', () => {
  expect(fingerprintOf(list(), undefined, DAY)).toBe(fingerprintOf(list(), undefined, undefined));
});

test('rows inside rows are asked for as their parents are', () => {
  const fingerprints = ['interview_events', 'interview_schedules'].map((name) =>
    fingerprintOf(required(name), undefined, undefined),
  );
  expect(fingerprints[0]).toBe(fingerprints[1]);
});

test('it is a digest of these words: another one would make every state of a release before worthless', () => {
  const shapes: [string, string][] = [
    ['candidates', '{"apiVersion":"2026-01-01","body":{},"endpoint":"candidate.list"}'],
    [
      'candidate_notes',
      '{"apiVersion":"2026-01-01","body":{},"child":{"body":{},"endpoint":"candidate.listNotes"},"endpoint":"candidate.list"}',
    ],
  ];
  for (const [name, words] of shapes) {
    const digest = createHash('sha256').update(words).digest('hex').slice(0, 16);
    expect(fingerprintOf(required(name), undefined, undefined)).toBe(digest);
  }
});

test.each(streams.map((table) => [table.name, table] as const))('%s has one', (_name, table) => {
  expect(fingerprintOf(table, undefined, undefined)).toMatch(/^[0-9a-f]{16}$/);
});
