import { ConnectorError } from '../errors.ts';

/**
 * A failure of the disk in a sentence: `what` is written, such as `The state (--save-state, /data/state.json)`. What is
 * no failure of a disk is returned as it is.
 */
export function writeFailure(what: string, thrown: unknown): unknown {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown) || typeof thrown.code !== 'string') {
    return thrown;
  }
  const options = { failureType: 'config_error', internalMessage: thrown.code, cause: thrown } as const;
  return new ConnectorError(`${what} cannot be written: ${why(thrown.code)}`, options);
}

function why(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'its folder does not exist. Make it, and in a container mount it (-v).';
    case 'ENOTDIR':
      return 'what should be its folder is a file. Check the path.';
    case 'EEXIST':
    case 'EISDIR':
      return 'there is something of another kind at its path. Check the path; in a container, a mounted file that does not exist on the host becomes a folder.';
    case 'EACCES':
    case 'EPERM':
      return 'the user that runs the connector may not write there. Run it as the owner of the folder (docker run --user "$(id -u):$(id -g)"), or give the folder to that user (chown).';
    case 'EROFS':
      return 'the file system is read-only. In a container, mount the folder without ":ro".';
    case 'EBUSY':
      return 'the file itself is mounted, so it cannot be replaced by its next version. Mount its folder instead.';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full. Make room and run it again: it goes on from the last saved state.';
    default:
      return `the system refuses it (${code}). Check the path and the disk.`;
  }
}
