import { readFile } from 'node:fs/promises';
import { secret, unusable } from './settings.ts';
import type { WebhookWorld } from './world.ts';

/** The connection form for commands that ask Ashby: the file that was named, or the key in ASHBY_API_KEY alone. */
export async function readConfig(
  path: string | undefined,
  world: Pick<WebhookWorld, 'environment' | 'hide'>,
): Promise<unknown> {
  if (path === undefined) {
    const key = await secret('ASHBY_API_KEY', world);
    if (key === undefined)
      throw unusable('Give an API key that has "API Keys: Write": ASHBY_API_KEY, or --config FILE.');
    return { api_key: key };
  }
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    // The parser's own words quote the text, which holds the key.
    throw unusable(
      `The file given with --config, ${path}, cannot be read or is not JSON. Check the path and its text.`,
    );
  }
}
