import { packageVersion } from './assets.ts';
import { parseCommandLine, UsageError, type Command } from './cli.ts';
import { Interrupted, toConnectorError, type ConnectorError } from './errors.ts';
import { readJsonFile } from './files.ts';
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
}

/** How the process should end: with a code, or as a run that was told to stop. */
export type Ending = { exitCode: number } | 'interrupted';

/** Runs one command. Never throws: whatever goes wrong is printed as the protocol wants it, and is in the ending. */
export async function run({ argv, world, print, environment = {} }: RunOptions): Promise<Ending> {
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
    return await perform(command, surroundings);
  } catch (failure) {
    if (failure instanceof Interrupted) return 'interrupted';
    return fail(failure, surroundings.output, command.name === 'check');
  }
}

async function perform(command: Exclude<Command, { name: 'text' | 'webhooks' }>, world: World): Promise<Ending> {
  const source = await import('./source.ts');
  if (command.name === 'spec') source.spec(world);
  else if (command.name === 'check') await source.check(await readJsonFile(command.config, '--config'), world);
  else if (command.name === 'discover') await source.discover(await readJsonFile(command.config, '--config'), world);
  else {
    const [config, catalog, state] = await Promise.all([
      readJsonFile(command.config, '--config'),
      readJsonFile(command.catalog, '--catalog'),
      command.state === undefined ? undefined : readJsonFile(command.state, '--state'),
    ]);
    const outcome = await source.read({ config, catalog, state }, world);
    if (outcome === 'interrupted') return 'interrupted';
    if (outcome === 'failed') return { exitCode: 1 };
  }
  return { exitCode: 0 };
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
  const { message, internalMessage, failureType } = error;
  const stack = error.cause instanceof Error && failureType === 'system_error' ? error.cause.stack : undefined;
  output.error({ message, internalMessage, failureType, stack });
  return { exitCode: 1 };
}
