import { parseCommandLine, UsageError, type Command } from './cli.ts';
import { loadSpec, packageVersion } from './assets.ts';
import { ConnectorError, Interrupted, toConnectorError } from './errors.ts';
import { readJsonFile, type FileOption } from './files.ts';
import type { Output } from './protocol/output.ts';
import type { World } from './source.ts';
import type { WebhookWords } from './webhooks/command.ts';

export interface RunOptions {
  argv: readonly string[];
  /** Makes the output once it is known whether DEBUG lines are wanted. */
  world(debug: boolean): World;
  /** The environment variables, for `webhooks`. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Prints a text as it is: help and version. */
  print(text: string): void;
  /** Whether the environment (NODE_TLS_REJECT_UNAUTHORIZED=0) lets anybody pose as Ashby. */
  unverifiedTls?: boolean;
}

/** How the process should end: with a code, or as a run that was told to stop. */
export type Ending = { exitCode: number } | 'interrupted';

/** Runs one command. Never throws: whatever goes wrong is printed as the protocol wants it, and is in the ending. */
export async function run({
  argv,
  world,
  print,
  environment = {},
  unverifiedTls = false,
}: RunOptions): Promise<Ending> {
  let command: Command;
  try {
    command = await parseCommandLine(argv);
  } catch (failure) {
    return fail(failure, world(false).output, failure instanceof UsageError && failure.command === 'check');
  }
  if (command.name === 'text') {
    print(command.text);
    return { exitCode: 0 };
  }
  const surroundings = world(command.debug);
  try {
    if (command.name === 'webhooks') return await webhooks(command.words, surroundings, environment);
    return await perform(command, surroundings, unverifiedTls);
  } catch (failure) {
    if (failure instanceof Interrupted) return 'interrupted';
    return fail(failure, surroundings.output, command.name === 'check');
  }
}

type Asked = Exclude<Command, { name: 'text' | 'webhooks' }>;

async function perform(command: Asked, world: World, unverifiedTls: boolean): Promise<Ending> {
  const source = await import('./source.ts');
  if (command.name === 'spec') {
    source.spec(world);
    return { exitCode: 0 };
  }
  if (unverifiedTls) await refuseUnverifiedTls(world.baseUrlOverride);
  const file = (path: string, option: FileOption): Promise<unknown> => readJsonFile(path, { option, ...world });
  if (command.name !== 'read') {
    const config = await file(command.config, '--config');
    await lookOver(config, world);
    await source[command.name](config, world);
    return { exitCode: 0 };
  }
  const [config, catalog, state] = await Promise.all([
    file(command.config, '--config'),
    file(command.catalog, '--catalog'),
    command.state === undefined ? undefined : file(command.state, '--state'),
  ]);
  await lookOver(config, world);
  const outcome = await source.read({ config, catalog, state }, world);
  return outcome === 'interrupted' ? outcome : { exitCode: outcome === 'failed' ? 1 : 0 };
}

/** Hides the secrets before anything is said about the form, and says what is likely to be a slip in it. */
async function lookOver(config: unknown, world: World): Promise<void> {
  const { configWarnings, givenSecrets } = await import('./config/slips.ts');
  for (const secret of givenSecrets(config)) world.hide(secret);
  const specification = loadSpec().connectionSpecification;
  for (const line of configWarnings(config, { specification, now: world.clock.now() })) world.output.log('WARN', line);
}

async function refuseUnverifiedTls(baseUrlOverride: string | undefined): Promise<void> {
  const { baseUrl } = await import('./config/config.ts');
  if (!baseUrl(baseUrlOverride).useProxy) return; // requests stay on this machine
  throw new ConnectorError(
    'NODE_TLS_REJECT_UNAUTHORIZED=0 is set: anybody on the way could pose as Ashby and take the API key. Unset it; for a company proxy with a certificate of its own, name that in NODE_EXTRA_CA_CERTS.',
    { failureType: 'config_error' },
  );
}

async function webhooks(
  words: WebhookWords,
  world: World,
  environment: NonNullable<RunOptions['environment']>,
): Promise<Ending> {
  const { runWebhooks } = await import('./webhooks/command.ts');
  const { askAshby } = await import('./source.ts');
  const { output, clock, signal, hide } = world;
  const fine = await runWebhooks(words, {
    ...{ output, clock, signal, hide, environment, userAgent: `source-ashby/${packageVersion()}` },
    connect: (config) => askAshby(config, world),
    protect: undefined, // bodies are kept as they came
  });
  return { exitCode: fine ? 0 : 1 };
}

/** In `check`, what the user can put right is an answer, not a failure (Airbyte's protocol). */
function fail(failure: unknown, output: Output, inCheck: boolean): Ending {
  const error: ConnectorError = toConnectorError(failure);
  if (inCheck && error.failureType === 'config_error') {
    output.connectionStatus('FAILED', error.message);
    return { exitCode: 0 };
  }
  printFailure(error, output);
  return { exitCode: 1 };
}

/** Prints an error as the protocol wants it; with the stack where somebody has to look for a defect. */
export function printFailure({ message, internalMessage, failureType, cause }: ConnectorError, output: Output): void {
  const stack = cause instanceof Error && failureType === 'system_error' ? cause.stack : undefined;
  output.error({ message, internalMessage, failureType, stack });
}
