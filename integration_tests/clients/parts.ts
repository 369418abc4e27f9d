import type { VenvName } from './environment.ts';

/** What the connector is for this part: the executable, or the container image. */
export type Form = 'executable' | 'image';

/** One client, and how it is run. */
export interface Part {
  name: string;
  /** `pytest FILE`, in the environment `main`, or a jest configuration. */
  runs: { pytest: string; arguments?: readonly string[] } | { jest: string } | { node: readonly string[] };
  /** Python environments that must be there. */
  venvs: readonly VenvName[];
  form: Form;
  /** A program `docker` that is first on PATH; the real one behind it where there is an image. */
  docker?: boolean;
  /** Other programs that must be there. */
  programs?: readonly string[];
}

const python = (name: string, pytest: string, more: Partial<Part> & { arguments?: readonly string[] } = {}): Part => ({
  name,
  runs: { pytest, ...(more.arguments ? { arguments: more.arguments } : {}) },
  venvs: more.venvs ?? ['main'],
  form: more.form ?? 'executable',
  ...(more.docker === undefined ? {} : { docker: more.docker }),
  ...(more.programs ? { programs: more.programs } : {}),
});

/** What airbyte-cdk's suites need of pytest. */
const HOOKS = ['-p', 'airbyte_cdk.test.standard_tests.pytest_hooks'];

/** First one that needs no preparation, then the slow ones, so that two lanes end together. */
export const PARTS: readonly Part[] = [
  {
    name: 'Acceptance tests',
    runs: { jest: 'integration_tests/clients/jest.config.mjs' },
    venvs: [],
    form: 'executable',
  },
  python('Examples', 'test_examples.py', { docker: true, programs: ['jq', 'curl', 'awk'] }),
  python('Meltano', 'test_meltano.py', { venvs: ['main', 'meltano', 'target-jsonl', 'tap-airbyte'], docker: true }),
  python('PyAirbyte, executable', 'test_pyairbyte.py'),
  python('PyAirbyte, deletions', 'test_live_keys.py'),
  python('PyAirbyte, image', 'test_pyairbyte.py', { form: 'image' }),
  python('Protocol models, executable', 'test_protocol_models.py'),
  python('Protocol models, image', 'test_protocol_models.py', { form: 'image' }),
  python("airbyte-cdk's standard tests, source", 'test_standard_source.py', {
    arguments: [...HOOKS, '-k', 'not docker'],
  }),
  python("airbyte-cdk's standard tests, image", 'test_standard_docker.py', {
    docker: true,
    arguments: [
      ...HOOKS,
      '--connector-image=source-ashby:latest',
      '--read-from-streams=all',
      '--read-scenarios=config,few_permissions_config',
    ],
  }),
  python('airbyte-serverless, executable', 'test_serverless.py'),
  python('airbyte-serverless, image', 'test_serverless.py', { form: 'image' }),
  python('metadata.yaml and its schema', 'test_metadata.py'),
];
