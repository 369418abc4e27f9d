import { flatConfigs } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/*
 * Beside the usual rules, the shape of the program is checked here: which part may import which, that there are no
 * cycles, and that only main.ts touches the process. integration_tests/lint.test.ts plants faults to see each bark.
 */

const leaves = ['./errors.ts', './redact.ts', './async', './json-text.ts'];

/** A part of src/ and what else of src/ it may import; the leaves are open to everybody. */
const layers = [
  { part: 'async', may: [] },
  { part: 'config', may: ['./sweep', './personal'] },
  { part: 'http', may: [] },
  { part: 'ashby', may: ['./http'] },
  { part: 'protocol', may: [] },
  { part: 'webhooks', may: ['./protocol'] },
  { part: 'sweep', may: [] },
  { part: 'personal', may: ['./ashby'] },
  { part: 'tables', may: ['./ashby', './http', './protocol'] },
  { part: 'inbox', may: ['./ashby', './http'] },
  { part: 'sources', may: ['./ashby', './http', './inbox', './tables'] },
  {
    part: 'sync',
    may: ['./ashby', './http', './inbox', './personal', './protocol', './sweep', './tables', './sources'],
  },
  { part: 'account', may: ['./ashby', './http', './tables', './sources'] },
  {
    part: 'runner',
    may: ['./ashby', './http', './protocol', './tables', './sources', './standard-output.ts'],
  },
];
const folders = layers.map(({ part, may }) => ({
  target: `./src/${part}`,
  from: './src',
  except: [...new Set([`./${part}`, ...may, ...leaves])],
  message: `src/${part} imports ${[...may, 'the leaves'].join(', ').replaceAll('./', '')} and nothing else of src.`,
}));

/** Single files of src/ and what else of src/ each may import. */
const files = {
  'errors.ts': [],
  'redact.ts': [],
  'json-text.ts': [],
  'standard-output.ts': leaves,
  'files.ts': leaves,
  'assets.ts': leaves,
  'cli.ts': [...leaves, './assets.ts', './tables', './webhooks'],
  'connect.ts': [...leaves, './assets.ts', './config', './http', './ashby', './inbox', './personal', './protocol'],
  'source.ts': [...leaves, './assets.ts', './connect.ts', './inbox', './protocol', './tables', './sync', './account'],
  'inputs.ts': [...leaves, './assets.ts', './cli.ts', './config', './connect.ts', './files.ts'],
  'run.ts': [
    ...leaves,
    './assets.ts',
    './cli.ts',
    './config',
    './connect.ts',
    './inputs.ts',
    './source.ts',
    './personal',
    './protocol',
    './runner',
    './webhooks',
  ],
};
const singles = Object.entries(files).map(([file, except]) => ({
  target: `./src/${file}`,
  from: './src',
  except,
  message: `src/${file} may not import this: main → run → source → sync → sources → ashby → http, and leaves import nothing.`,
}));

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'demo-output/', '.clients/', '.models/', 'node_modules/', 'examples/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  tseslint.configs.base,
  flatConfigs.typescript,
  {
    plugins: flatConfigs.errors.plugins,
    settings: { 'import-x/resolver': { typescript: true, node: true } },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-self-import': 'error',
      'import-x/no-extraneous-dependencies': [
        'error',
        { devDependencies: ['**/*.test.ts', 'integration_tests/**', 'scripts/**', '*.config.mjs'] },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-console': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A number in a sentence for people needs no String() around it.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/restrict-plus-operands': ['error', { allowNumberAndString: true }],
      // An event handler or a `finish` in a short arrow is plain to read.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Options are objects of closures here, taken apart at the top of a function; nothing of them uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      // It takes a variable that a closure changes for a constant.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      // It refuses Promise.all over promises of which some may be absent.
      '@typescript-eslint/await-thenable': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // The compiler checks these with the same strictness.
      '@typescript-eslint/no-unused-vars': 'off',
    },
  },
  {
    // In tests and in the demo answers and messages are looked at as they come; expect, or an eye, judges them.
    files: ['**/*.test.ts', 'integration_tests/**/*.ts', 'scripts/demo/**/*.ts'],
    rules: {
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
    },
  },
  {
    // A test may look at what it likes, and src/testing is there for tests.
    files: ['src/**/*.ts'],
    ignores: ['**/*.test.ts', 'src/testing/**'],
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: import.meta.dirname,
          zones: [
            ...folders,
            ...singles,
            { target: './src', from: './src/testing', message: 'src/testing is for tests.' },
            {
              target: './src',
              from: './src/main.ts',
              message: 'main.ts is the edge of the process; nothing imports it.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/main.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Only main.ts touches the process; what the world provides is passed in.' },
        { name: 'console', message: 'Standard output belongs to the protocol: use Output.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'globalThis', property: 'process', message: 'Only main.ts touches the process.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'node:process', message: 'Only main.ts touches the process.' }, 'process'],
          patterns: [{ group: ['**/integration_tests/**', '**/scripts/**'], message: 'Only tests look outside src.' }],
        },
      ],
    },
  },
  {
    files: ['integration_tests/simulator/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '(^|/)src/',
              message: 'The simulator shares no code with src: a mistake in one must not be repeated in the other.',
            },
          ],
        },
      ],
    },
  },
);
