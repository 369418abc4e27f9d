/** The `.info` endpoints whose answer is the row of a list, and the members of an interviewer pool. */

import { find } from './find.ts';
import type { Data } from './data/index.ts';
import type { TableName } from './tables.ts';
import { ApiError, type Body, type Row } from './types.ts';

/** Fields that the list documents and the `.info` of the same object does not. */
const LIST_ONLY: Readonly<Record<string, readonly string[]>> = {
  'customField.info': ['description', 'isDateOnlyField', 'isEditableOnlyViaPublicApi', 'referencedObjectType'],
  'interviewStage.info': ['isArchived'],
};

type Make = (index: number, version: number, body: Body) => Row;

/** Answers by endpoint; each throws `<thing>_not_found` for rows that are gone or hidden. */
export function makeInfos(data: Data): Readonly<Record<string, (body: Body) => Row>> {
  const { world, parts, jobs, config, interviews } = data;
  const info =
    (table: TableName, param: string, make: Make) =>
    (body: Body): Row => {
      const index = find(data, table, body[param]);
      return make(index, world.state(table).version(index), body);
    };
  const all: Record<string, (body: Body) => Row> = {
    'customField.info': info('customField', 'customFieldId', config.customField),
    'department.info': info('department', 'departmentId', config.department),
    'feedbackFormDefinition.info': info('feedbackFormDefinition', 'feedbackFormDefinitionId', config.feedbackForm),
    'interview.info': info('interview', 'id', (i, v) => interviews.interview(i, v)),
    'interviewStage.info': (body) => {
      const index = world.index('interviewStage', body['interviewStageId']);
      const plan = Math.floor(index / parts.STAGE_COUNT);
      if (index >= 0 && world.state('interviewPlan').has(plan)) return config.stage(index);
      throw new ApiError('interview_stage_not_found', 'No interview stage with this id');
    },
    'interviewerPool.info': info('interviewerPool', 'interviewerPoolId', config.poolDetail),
    'job.info': info('job', 'id', jobs.job),
    'location.info': info('location', 'locationId', config.location),
    'opening.info': info('opening', 'openingId', jobs.opening),
    'project.info': info('project', 'projectId', config.project),
    'surveyFormDefinition.info': info('surveyFormDefinition', 'surveyFormDefinitionId', config.surveyForm),
    'user.info': info('user', 'userId', config.user),
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, ask]) => {
      const without = LIST_ONLY[name];
      if (!without) return [name, ask];
      return [
        name,
        (body: Body) => Object.fromEntries(Object.entries(ask(body)).filter(([key]) => !without.includes(key))),
      ];
    }),
  );
}
