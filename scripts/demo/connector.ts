/** Runs the built connector as a child process and keeps what it says. */

import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

const PROGRAM = new URL('../../bin/source-ashby', import.meta.url).pathname;

export interface RunOptions {
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Where its standard output goes, as it is; nobody else can read it. */
  file: string;
  onLine(line: string): void;
}

const running = new Set<ChildProcess>();

/** Asks whatever runs to end. */
export function stopAll(): void {
  for (const child of running) child.kill('SIGTERM');
}

/** Runs one command to its end; `problem` says how it ended if not well. */
export async function runConnector({ args, env, file, onLine }: RunOptions): Promise<{ problem: string | undefined }> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const kept = createWriteStream(file, { mode: 0o600, highWaterMark: 4 * 1024 * 1024 });
  child.stdout.pipe(kept);
  let unread = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (unread + text).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [ended] = await Promise.all([
    new Promise<string | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`));
    }),
    finished(kept),
  ]);
  running.delete(child);
  if (ended !== undefined) return { problem: ended + (errors === '' ? '' : `: ${errors.trim()}`) };
  return { problem: unread === '' ? undefined : 'ended within a line' };
}
