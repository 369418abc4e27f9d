import { expect, test } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/*
 * Rules about the program's shape fail silently when they are set up wrongly (an unresolved import is nobody's
 * import), so each of them is made to bark here. Nothing is written: the text stands in for the file's own.
 */

const root = new URL('..', import.meta.url).pathname;
// Rules that need types are left out: they are slow, and not what is tested.
const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

async function complaints(file: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: `${root}${file}` });
  return [...new Set(result?.messages.map(({ ruleId, message }) => ruleId ?? message))];
}

const path = 'import-x/no-restricted-paths';
const faults: [rule: string, file: string, code: string][] = [
  [path, 'src/http/clock.ts', `import '../ashby/error-table.ts';`],
  [path, 'src/http/clock.ts', `import type { Row } from '../ashby/rows/rows.ts'; export type A = Row;`],
  [path, 'src/ashby/paginate.ts', `import '../protocol/messages.ts';`],
  [path, 'src/ashby/paginate.ts', `import '../tables/table.ts';`],
  [path, 'src/ashby/paginate.ts', `import '../config/config.ts';`],
  [path, 'src/tables/table.ts', `import '../sources/place.ts';`],
  [path, 'src/sources/place.ts', `import '../sync/plan.ts';`],
  [path, 'src/sources/place.ts', `import '../protocol/messages.ts';`],
  [path, 'src/account/access.ts', `import '../sync/plan.ts';`],
  [path, 'src/protocol/messages.ts', `import '../tables/table.ts';`],
  [path, 'src/protocol/messages.ts', `import '../http/clock.ts';`],
  [path, 'src/tables/table.ts', `import '../source.ts';`],
  [path, 'src/tables/table.ts', `export const later = () => import('../cli.ts');`],
  [path, 'src/webhooks/serve.ts', `import '../http/clock.ts';`],
  [path, 'src/webhooks/serve.ts', `import '../sync/plan.ts';`],
  [path, 'src/tables/table.ts', `import '../webhooks/world.ts';`],
  [path, 'src/errors.ts', `import './redact.ts';`],
  [path, 'src/source.ts', `import './run.ts';`],
  [path, 'src/source.ts', `import './cli.ts';`],
  [path, 'src/run.ts', `import './ashby/client.ts';`],
  [path, 'src/run.ts', `import './main.ts';`],
  ['import-x/no-cycle', 'src/sync/state/state.ts', `import '../emit.ts';`],
  ['import-x/no-cycle', 'src/ashby/envelope.ts', `export * from './client.ts';`],
  ['no-restricted-globals', 'src/source.ts', `export const home = process.env['HOME'];`],
  ['no-restricted-globals', 'src/sync/plan.ts', `console.log('so far');`],
  ['no-restricted-properties', 'src/source.ts', `export const home = globalThis.process.env['HOME'];`],
  ['no-restricted-imports', 'src/source.ts', `import { env } from 'node:process'; export const home = env['HOME'];`],
  ['no-restricted-imports', 'src/source.ts', `import '../integration_tests/simulator/index.ts';`],
  ['no-restricted-imports', 'integration_tests/simulator/pager.ts', `import '../../src/ashby/paginate.ts';`],
  ['no-restricted-imports', 'integration_tests/simulator/data/jobs.ts', `import '../../../src/errors.ts';`],
  ['import-x/no-extraneous-dependencies', 'src/cli.ts', `import 'esbuild';`],
];

test.each(faults)('%s barks at %s: %s', async (rule, file, code) => {
  expect(await complaints(file, code)).toContain(rule);
});

const fine: [file: string, code: string][] = [
  ['src/ashby/paginate.ts', `import '../http/clock.ts'; import '../errors.ts';`],
  ['src/tables/table.ts', `import '../ashby/permissions.ts'; import '../protocol/messages.ts';`],
  ['src/main.ts', `process.exitCode = 1;`],
];

test.each(fine)('nothing barks at %s: %s', async (file, code) => {
  expect(await complaints(file, code)).toEqual([]);
});
