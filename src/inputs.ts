import { ConnectorError } from './errors.ts';
import { readJsonFile, type FileOption } from './files.ts';
import type { ReadCommand } from './cli.ts';
import type { World } from './connect.ts';
import { loadSpec } from './assets.ts';

/** The environment variable that may hold the API key. */
const KEY_VARIABLE = 'ASHBY_API_KEY';

/**
 * Reads the connection form: the file, with the key of the environment where the file has none, or that key alone. Hides
 * the key before anything is said about the form, and says what is likely to be a slip in it. Throws a `config_error`.
 */
export async function readForm(path: string | undefined, world: World): Promise<unknown> {
  const { configWarnings, givenKey } = await import('./config/slips.ts');
  const given = path === undefined ? {} : await fileOf(path, '--config', world);
  const config = withKey(given, world.environment[KEY_VARIABLE]);
  if (path === undefined && givenKey(config) === undefined) {
    throw new ConnectorError(
      `There is no API key: give the connection form with --config FILE, or the key in the environment variable ${KEY_VARIABLE}.`,
      { failureType: 'config_error' },
    );
  }
  const key = givenKey(config);
  if (key !== undefined) world.hide(key);
  const specification = loadSpec().connectionSpecification;
  for (const line of configWarnings(config, { specification, now: world.clock.now() })) world.output.log('WARN', line);
  return config;
}

/** What the file says counts; the environment speaks where it says nothing. */
function withKey(config: unknown, key: string | undefined): unknown {
  if (key === undefined || key.trim() === '' || typeof config !== 'object' || config === null) return config;
  if (Array.isArray(config)) return config;
  const { api_key: own, ...rest } = config as Record<string, unknown>; // an object, by the lines above
  const isEmpty = own === undefined || own === null || (typeof own === 'string' && own.trim() === '');
  return isEmpty ? { ...rest, api_key: key } : config;
}

/**
 * Reads the states that came in. Where the command line tells that this process keeps them (`--save-state`), or chooses
 * by itself what it reads, the file need not exist yet; a platform that names a catalog has made it.
 */
export async function readStates(
  { state, saveState, catalog }: Pick<ReadCommand, 'state' | 'saveState' | 'catalog'>,
  world: World,
): Promise<unknown> {
  if (state === undefined) return undefined;
  try {
    return await fileOf(state, '--state', world);
  } catch (failure) {
    const isMissing = failure instanceof ConnectorError && failure.internalMessage === 'ENOENT';
    if (!isMissing || (catalog !== undefined && saveState === undefined)) throw failure;
    // Nobody will make it: that may be a slip in the path.
    const level = saveState === state ? 'INFO' : 'WARN';
    world.output.log(
      level,
      `The file given with --state, ${state}, does not exist: tables are read from the beginning.`,
    );
    return undefined;
  }
}

export function fileOf(path: string, option: FileOption, { clock, signal }: World): Promise<unknown> {
  return readJsonFile(path, { option, clock, signal });
}
