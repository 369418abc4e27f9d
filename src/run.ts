import { parseCommandLine, UsageError, type Command, type ReadCommand } from './cli.ts';
import { loadSchema, packageVersion } from './assets.ts';
import type { World } from './connect.ts';
import { ConnectorError, Interrupted, toConnectorError, type FailureType } from './errors.ts';
import { fileOf, readForm, readStates } from './inputs.ts';
import type { Output } from './protocol/output.ts';
import type { Outcome, Surface } from './runner/keeping.ts';
import type { WebhookWords } from './webhooks/command.ts';

export interface RunOptions {
  argv: readonly string[];
  /** Makes the output once it is known whether DEBUG lines are wanted. */
  world(debug: boolean): RunWorld;
  /** The environment variables, for `webhooks`. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Prints a text as it is: help and version. */
  print(text: string): void;
  /** Whether the environment (NODE_TLS_REJECT_UNAUTHORIZED=0) lets anybody pose as Ashby. */
  unverifiedTls?: boolean;
}

/** What the process provides to a command, with what is there beside the protocol's output. */
export interface RunWorld extends World {
  surface: Surface;
}

/** How the process should end: with a code, or as a run that was told to stop. */
export type Ending = { exitCode: number } | 'interrupted';

/** Runs one command. Never throws: whatever goes wrong is printed as the protocol wants it, and is in the ending. */
export async function run(options: RunOptions): Promise<Ending> {
  const { argv, world, print } = options;
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
  const surroundings = forPeople(command) ? await spokenWorld(world(command.debug)) : world(command.debug);
  const ending = await attempt(command, surroundings, options);
  if (ending === 'interrupted' || command.exitCodes === 'plain') return ending;
  return { exitCode: detailedCode(ending.exitCode, surroundings.output.failures) };
}

async function attempt(command: Asked | WebhookCommand, world: RunWorld, options: RunOptions): Promise<Ending> {
  const { environment = {}, unverifiedTls = false, print } = options;
  try {
    if (command.name === 'webhooks') return await webhooks(command.words, world, environment);
    return await perform(command, world, { unverifiedTls, print });
  } catch (failure) {
    if (failure instanceof Interrupted) return 'interrupted';
    return fail(failure, world.output, command.name === 'check' && !command.report);
  }
}

type WebhookCommand = Command & { name: 'webhooks' };
type Asked = Exclude<Command, { name: 'text' | 'webhooks' }>;

/** Whether a command's standard output is no protocol's, and sentences go to standard error. */
function forPeople(command: Command): boolean {
  return command.name === 'catalog' || (command.name === 'check' && command.report);
}

async function spokenWorld(world: RunWorld): Promise<RunWorld> {
  const { SpokenOutput } = await import('./runner/spoken-output.ts');
  const { Terminal } = await import('./runner/terminal.ts');
  const { standardError, outputOptions } = world.surface;
  const terminal = new Terminal(standardError);
  return { ...world, output: new SpokenOutput({ ...outputOptions, terminal, stamped: false }) };
}

async function perform(
  command: Asked,
  world: RunWorld,
  { unverifiedTls, print }: { unverifiedTls: boolean; print(text: string): void },
): Promise<Ending> {
  const source = await import('./source.ts');
  if (command.name === 'spec') {
    source.spec(world);
    return { exitCode: 0 };
  }
  if (unverifiedTls) await refuseUnverifiedTls(world.baseUrlOverride);
  if (command.name === 'read') return read(command, world);
  const config = await readForm(command.config, world);
  if (command.name === 'catalog')
    print(JSON.stringify(await source.catalog({ config, choice: command }, world), null, 2));
  else if (command.name === 'discover') await source.discover(config, world);
  else if (command.report) print(await source.report(config, world));
  else await source.check(config, world);
  return { exitCode: 0 };
}

async function read(command: ReadCommand, world: RunWorld): Promise<Ending> {
  const source = await import('./source.ts');
  const { parseState } = await import('./protocol/state.ts');
  const { Keeping } = await import('./runner/keeping.ts');
  const { out, saveState } = command;
  const keeping = new Keeping({ ...world, out, saveState, version: packageVersion() });
  const inside = { ...world, output: keeping.output, signal: keeping.signal };
  const onStart: typeof keeping.onStart = (...started) => keeping.onStart(...started);
  let state: unknown;
  const known = async (): Promise<ReadonlyMap<string, unknown>> => {
    state = await readStates(command, inside);
    return parseState(state).streams;
  };
  const readAll = async (): Promise<Outcome> => {
    const [config, catalog] = await Promise.all([
      readForm(command.config, inside),
      command.catalog === undefined ? undefined : fileOf(command.catalog, '--catalog', inside),
    ]);
    return source.read({ config, catalog, choice: command, state, onStart }, inside);
  };
  const outcome = await keeping.run({ known, read: readAll }, (thrown) =>
    printFailure(toConnectorError(thrown), keeping.output),
  );
  for (const kind of keeping.output.failures) world.output.failures.add(kind);
  return outcome === 'interrupted' ? outcome : { exitCode: outcome === 'failed' ? 1 : 0 };
}

/**
 * The exit code for operators who asked for more than 1, in the words of sysexits.h: EX_CONFIG, EX_SOFTWARE and
 * EX_TEMPFAIL. Whatever needs somebody comes before what passes by itself.
 */
function detailedCode(exitCode: number, failures: ReadonlySet<FailureType>): number {
  if (failures.has('config_error')) return 78;
  if (failures.has('system_error')) return 70;
  if (failures.has('transient_error')) return 75;
  return exitCode;
}

async function refuseUnverifiedTls(baseUrlOverride: string | undefined): Promise<void> {
  const { baseUrl } = await import('./config/base-url.ts');
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
    protect: await protectorOf(environment, hide),
  });
  return { exitCode: fine ? 0 : 1 };
}

/** What the receiver does to events before it keeps them: the choices of the connection form, from the environment. */
async function protectorOf(
  environment: NonNullable<RunOptions['environment']>,
  hide: World['hide'],
): Promise<((body: Buffer) => Buffer) | undefined> {
  const { secret } = await import('./webhooks/settings.ts');
  const { choicesFromText } = await import('./personal/choices.ts');
  const salt = await secret('PERSONAL_DATA_SALT', { environment, hide }, { shortest: 1 });
  const choices = choicesFromText(environment['PERSONAL_DATA'], salt);
  if (choices === undefined) return undefined;
  if ('problem' in choices) {
    throw new ConnectorError(`The environment variable PERSONAL_DATA ${choices.problem}`, {
      failureType: 'config_error',
    });
  }
  const { Protection } = await import('./personal/protection.ts');
  const { eventProtector } = await import('./personal/events.ts');
  return eventProtector(new Protection({ choices, schemaOf: loadSchema }));
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
