/** Docker, as its command line. */

import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const root = new URL('../../', import.meta.url).pathname;

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; never rejects for its exit code. A program that cannot be started has the code 127. */
export function run(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: root, maxBuffer: 1024 ** 3 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      resolve({ code, stdout, stderr });
    });
  });
}

export const docker = (...args: readonly string[]): Promise<Ended> => run('docker', args);

/** Copies what a commit of the working tree would hold, so that nothing left lying about can help the build. */
export async function cleanCheckout(): Promise<string> {
  const { code, stdout, stderr } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  if (code !== 0) throw new Error(`git ls-files: ${stderr}`);
  const target = mkdtempSync(join(tmpdir(), 'source-ashby-checkout-'));
  for (const file of stdout.split('\0')) {
    if (file === '' || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(target, file)), { recursive: true });
    copyFileSync(join(root, file), join(target, file));
  }
  return target;
}
