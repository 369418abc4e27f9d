import { open, realpath, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/**
 * Replaces a file so that, whenever the process or the machine dies, either the old text or the new one is there, whole:
 * a file beside it is written and forced to the disk, and then takes its name. One process at a time for each path.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path); // a link stays a link; a file that is not there yet has none
  const next = `${dirname(target)}/.${basename(target)}.next`;
  const file = await open(next, 'w', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, target);
  await syncFolder(dirname(target));
}

/** Forces the names in a folder to the disk: without that a new name may be gone after a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
