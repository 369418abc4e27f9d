/** Runs the built connector as a process of its own. */

import { spawn, type ChildProcess } from 'node:child_process';
import { lookForLeaks } from './leaks.ts';
import { Transcript } from './transcript.ts';

export const PROGRAM = new URL('../../bin/source-ashby', import.meta.url).pathname;

export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Called for each whole line, before `killAt` is asked. */
  onLine?(line: string, child: ChildProcess): void;
  /** True for a line kills the process (SIGKILL); that line is the last one that the reader has seen. */
  killAt?(line: string, lineNumber: number): boolean;
  /** Called with the process as soon as it was started; reading its output is left to it. */
  reader?(child: ChildProcess): void;
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Whole lines only. Throws where one of them is no JSON. */
  readonly out: Transcript;
}

/** Starts `bin/source-ashby`; only what is given is in its environment. */
export function startConnector(args: readonly string[], options: Pick<RunOptions, 'env' | 'cwd'> = {}): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env['PATH'], ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs it to its end. Never rejects for what the connector does. */
export function runConnector(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = startConnector(args, options);
  const { onLine, killAt, reader } = options;
  let stdout = '';
  let stderr = '';
  let unread = '';
  let seen = 0;
  let killed = false;
  reader?.(child);
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (killed) return;
    if (!onLine && !killAt) {
      stdout += text;
      return;
    }
    unread += text;
    for (let end = unread.indexOf('\n'); end >= 0 && !killed; end = unread.indexOf('\n')) {
      const line = unread.slice(0, end);
      unread = unread.slice(end + 1);
      stdout += `${line}\n`;
      onLine?.(line, child);
      killed = killAt?.(line, ++seen) ?? false;
      if (killed) child.kill('SIGKILL');
    }
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (!killed) stdout += unread;
      lookForLeaks(`${stdout}\n${stderr}`, `source-ashby ${args[0] ?? ''}`);
      let parsed: Transcript | undefined; // help and version are no messages: parsed on demand
      resolve({
        code,
        signal,
        stdout,
        stderr,
        get out() {
          return (parsed ??= Transcript.of(stdout.slice(0, stdout.lastIndexOf('\n') + 1)));
        },
      });
    });
  });
}
