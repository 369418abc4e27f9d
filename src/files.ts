import { readFile } from 'node:fs/promises';
import { ConnectorError } from './errors.ts';

/**
 * Reads a JSON file that was named on the command line. Throws a `config_error` that says which file, what is wrong
 * with it and what to do; never a part of its text, since that may hold the API key.
 */
export async function readJsonFile(path: string, option: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConnectorError(`The file given with ${option}, ${path}, ${whyUnreadable(cause)}`, {
      failureType: 'config_error',
      internalMessage: codeOf(cause),
    });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    // The parser's own words quote the text, so they are not passed on.
    throw new ConnectorError(
      `The file given with ${option}, ${path}, is not JSON. Check it for a missing bracket, quote or comma.`,
      {
        failureType: 'config_error',
      },
    );
  }
}

function whyUnreadable(cause: unknown): string {
  switch (codeOf(cause)) {
    case 'ENOENT':
      return 'does not exist. Check the path, and in a container that the file is mounted (-v).';
    case 'EISDIR':
      return 'is a folder. Name the file; in a container, a mounted file that does not exist on the host becomes a folder.';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by the user that runs the connector. Make it readable (chmod a+r), or run the container with --user.';
    default:
      return 'cannot be read. Check the path and the disk.';
  }
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
}
