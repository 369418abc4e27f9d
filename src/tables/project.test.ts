import { expect, test } from '@jest/globals';
import { rowsIn, rowsOf, textOf } from '../testing/rows.ts';
import { findTable } from './lineage.ts';
import { projectOf } from './project.ts';

function project(name: string, values: readonly unknown[], parentId?: string, startDate?: Date): string[] {
  const table = findTable(name);
  if (!table) throw new Error(`no table ${name}`);
  const given = { rows: rowsOf(values), ...(parentId === undefined ? {} : { parentId }) };
  return projectOf(table, { startDate })(given).map((row) => {
    expect(JSON.parse(textOf(row))).toEqual(row.value); // the value and the bytes say the same
    return textOf(row);
  });
}

test('rows of a table that changes nothing pass as they are', () => {
  const rows = rowsIn('{"results":[{ "id":"a","n":1.50 }]}');
  const table = findTable('departments');
  expect(table && projectOf(table, { startDate: undefined })({ rows })).toBe(rows);
});

test.each<[string, string, unknown, string | undefined, string[]]>([
  ["a parent's id is added", 'candidate_projects', { id: 'a' }, 'p', ['{"id":"a","candidateId":"p","_key":"p:a"}']],
  [
    'one that is null is replaced',
    'candidate_client_info',
    { candidateId: null, id: 'a' },
    'p',
    ['{"id":"a","candidateId":"p"}'],
  ],
  [
    'one that is there stays',
    'candidate_client_info',
    { candidateId: 'q', id: 'a' },
    'p',
    ['{"candidateId":"q","id":"a"}'],
  ],
  [
    'a key is made of both ids',
    'candidate_projects',
    { id: 'a', candidateId: 'p' },
    'p',
    ['{"id":"a","candidateId":"p","_key":"p:a"}'],
  ],
  [
    'links that stop working are cut',
    'notetaker_transcripts',
    { id: 'a', transcriptUrl: 'x', b: 1 },
    'p',
    ['{"id":"a","b":1}'],
  ],
  [
    "the version column is ours alone, Ashby's goes",
    'departments',
    { id: 'a', _ab_cdc_updated_at: 'x' },
    undefined,
    ['{"id":"a"}'],
  ],
  [
    'rows inside rows name the row that they lie in',
    'interview_events',
    {
      id: 's',
      interviewEvents: [
        { id: 'e', interviewId: 'i' },
        { id: 'f', interviewId: 'i' },
      ],
    },
    undefined,
    [
      '{"id":"e","interviewId":"i","interviewScheduleId":"s"}',
      '{"id":"f","interviewId":"i","interviewScheduleId":"s"}',
    ],
  ],
  ['a row without rows inside gives none', 'interview_events', { id: 's', interviewEvents: null }, undefined, []],
])('%s', (_what, name, value, parentId, printed) => {
  expect(project(name, [value], parentId)).toEqual(printed);
});

test('the start date leaves out what was created before it, and only in tables that it is about', () => {
  const start = new Date('2024-01-01T00:00:00.000Z');
  const values = [
    { id: 'a', createdAt: '2023-12-31T23:59:59.999Z' },
    { id: 'b', createdAt: '2024-01-01T00:00:00.000Z' },
    { id: 'c', createdAt: 'some day' },
    { id: 'd' },
  ];
  expect(
    project('candidates', values, undefined, start).map((text) => (JSON.parse(text) as { id: string }).id),
  ).toEqual(['b', 'c', 'd']);
  expect(project('jobs', values, undefined, start)).toHaveLength(4);
  expect(project('candidates', values)).toHaveLength(4);
});

test.each<[string, unknown]>([
  ['a text', 'many'],
  ['an object', { id: 'e' }],
  ['a list that holds more than objects', [{ id: 'e' }, 'odd']],
  ['a row without its id', [{ id: 'e' }, {}]],
  ['a row whose id is empty', [{ id: '' }]],
  ['a row whose id is no text', [{ id: 7 }]],
])(
  '%s where rows inside rows belong is damage that names the table, and no row of it is lost in silence',
  (_what, inside) => {
    expect(() => project('interview_events', [{ id: 's', interviewEvents: inside }])).toThrow(
      expect.objectContaining({
        name: 'ConnectorError',
        failureType: 'transient_error',
        message: expect.stringContaining('interview_events cannot be read') as unknown,
      }),
    );
  },
);

test('what readers of lines stumble over is mended, in rows and in rows inside them', () => {
  const half = '{"results":[{"id":"s","text":"\\ud83d","interviewEvents":[{"id":"e","text":"\u2028\\ud83d"}]}]}';
  for (const [name, printed] of [
    [
      'interview_schedules',
      '{"id":"s","text":"\\ufffd","interviewEvents":[{"id":"e","text":"\\u2028\\ufffd"}],"scheduledById":null}',
    ],
    ['interview_events', '{"id":"e","text":"\\u2028\\ufffd","interviewId":null,"interviewScheduleId":"s"}'],
  ] as const) {
    const table = findTable(name);
    const [row] = table ? projectOf(table, { startDate: undefined })({ rows: rowsIn(half) }) : [];
    expect(row && textOf(row)).toBe(printed);
    expect(row?.value).toEqual(JSON.parse(printed));
    expect(row?.changes?.map(({ field }) => field)).toContain('text');
  }
});
