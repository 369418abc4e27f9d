/** What the demo is asked to do. */

export const HELP = `Usage: npm run demo [-- --real]

Runs the built connector as Airbyte would (spec, check, discover, and read of every table), shows what came out, and
leaves the messages, a page of charts (report.html) and the tables behind it (warehouse.duckdb) in demo-output/, which
is replaced each time and which only you can read.

Without options it reads a made-up Ashby that it starts on this machine; no account is needed, and ASHBY_API_KEY is
ignored. In a second read it shows what a sync costs when little has changed.

  --real    read the account that the key in the environment variable ASHBY_API_KEY belongs to; demo-output/ then
            holds real data about people, so delete it when you are done
  --help    this text
`;

/** `key` is set for a real account. */
export type Request = { kind: 'help' } | { kind: 'refuse'; why: string } | { kind: 'run'; key: string | undefined };

export function requestOf(args: readonly string[], keyInEnvironment: string | undefined): Request {
  const unknown = args.find((arg) => !['--real', '--help', '-h'].includes(arg));
  if (unknown !== undefined)
    return { kind: 'refuse', why: `The demo has no option "${unknown}". See npm run demo -- --help.` };
  if (args.includes('--help') || args.includes('-h')) return { kind: 'help' };
  if (!args.includes('--real')) return { kind: 'run', key: undefined };
  const key = keyInEnvironment?.trim() ?? '';
  if (key !== '') return { kind: 'run', key };
  return {
    kind: 'refuse',
    why: 'To read a real account, put its API key into the environment variable ASHBY_API_KEY (in Ashby: Admin > Integrations > API Keys), then run npm run demo -- --real again.',
  };
}
