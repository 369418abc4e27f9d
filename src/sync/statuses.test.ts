import { expect, test } from '@jest/globals';
import { Statuses } from './statuses.ts';

function told() {
  const said: unknown[] = [];
  const statuses = new Statuses('jobs', {
    status: (stream, status, untilMs) => void said.push(untilMs === undefined ? status : [status, untilMs, stream]),
  });
  return { statuses, said };
}

test('a stream starts, runs and ends, and says each once', () => {
  const { statuses, said } = told();
  expect(statuses.start()).toBe(true);
  expect(statuses.start()).toBe(false);
  statuses.running();
  statuses.running();
  statuses.end('COMPLETE');
  expect(said).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
});

test('a limit is told between beginning and end, and at no other time', () => {
  const { statuses, said } = told();
  statuses.rateLimited(1);
  expect(statuses.underWay).toBe(false);
  statuses.start();
  expect(statuses.underWay).toBe(true);
  statuses.rateLimited(2);
  statuses.running();
  statuses.rateLimited(3);
  statuses.end('INCOMPLETE');
  statuses.rateLimited(4);
  expect(statuses.underWay).toBe(false);
  expect(said).toEqual(['STARTED', ['RUNNING', 2, 'jobs'], 'RUNNING', ['RUNNING', 3, 'jobs'], 'INCOMPLETE']);
});

test('nothing runs that has not started, and nothing starts or runs behind the end', () => {
  const { statuses, said } = told();
  statuses.running();
  statuses.start();
  statuses.end('INCOMPLETE');
  statuses.running();
  expect(statuses.start()).toBe(false);
  expect(said).toEqual(['STARTED', 'INCOMPLETE']);
});
