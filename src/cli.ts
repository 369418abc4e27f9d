import yargs, { type Argv } from 'yargs';
import { packageVersion } from './assets.ts';
import { ConnectorError } from './errors.ts';
import { looksSecret } from './redact.ts';
import { describeWebhooks, webhookWords, type WebhookWords } from './webhooks/command.ts';

/** What the command line asks for. */
export type Command = { debug: boolean } & (
  | { name: 'spec' }
  | { name: 'check'; config: string }
  | { name: 'discover'; config: string }
  | { name: 'read'; config: string; catalog: string; state: string | undefined }
  | { name: 'webhooks'; words: WebhookWords }
  | { name: 'text'; text: string }
);

/** The command line cannot be understood. `command` is what could be made out of it. */
export class UsageError extends ConnectorError {
  readonly command: string | undefined;
  constructor(message: string, command: string | undefined) {
    super(message, { failureType: 'config_error' });
    this.name = 'UsageError';
    this.command = command;
  }
}

/**
 * Reads the command line. `--help` and `--version` come back as a text to print. Throws UsageError, in one sentence,
 * for anything that is no command of ours.
 */
export async function parseCommandLine(argv: readonly string[]): Promise<Command> {
  const asked = argv.find((word) => !word.startsWith('-'));
  let text = '';
  const parser = describe(yargs([], '/')) // the folder is asked for nothing, and the current one may be gone
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      const why = sentence(withoutSecrets(message || error.message, argv));
      throw new UsageError(`The command line cannot be used: ${why} Try --help.`, asked);
    });
  const words = await parser.parseAsync([...argv], {}, (_error, _words, output) => {
    text = output;
  });
  if (text !== '') return { name: 'text', text: `${text}\n`, debug: false };
  const debug = words['debug'] === true;
  const [name] = words._;
  const file = (option: string): string => String(words[option]);
  if (name === 'spec') return { name, debug };
  if (name === 'check' || name === 'discover') return { name, debug, config: file('config') };
  if (name === 'webhooks') return { name, debug, words: webhookWords(words) };
  const state = words['state'] === undefined ? undefined : file('state');
  return { name: 'read', debug, config: file('config'), catalog: file('catalog'), state };
}

function describe(parser: Argv): Argv {
  const file = (description: string, demandOption: boolean) =>
    ({ type: 'string', requiresArg: true, demandOption, description }) as const;
  const config = file('JSON file with the connection form, see spec', true);
  return parser
    .scriptName('source-ashby')
    .usage('$0 <command>\n\nReads Ashby and prints Airbyte protocol messages, one JSON object a line.')
    .command('spec', 'print what the configuration looks like')
    .command('check', 'print whether the API key works and what it may read', (command) =>
      command.option('config', config),
    )
    .command('discover', 'print the tables that the API key can read', (command) => command.option('config', config))
    .command('read', 'print the rows of the selected tables', (command) =>
      command
        .option('config', config)
        .option('catalog', file('JSON file with the configured catalog: which tables to read, and how', true))
        .option('state', file('JSON file with the states that an earlier run printed', false)),
    )
    .command('webhooks [task]', 'receive webhooks of Ashby, and what belongs to that', describeWebhooks)
    .option('debug', { type: 'boolean', default: false, description: 'also log every request' })
    .demandCommand(1, 'name one of the commands spec, check, discover, read, webhooks.')
    .strict()
    .locale('en')
    .version(packageVersion())
    .parserConfiguration({
      'duplicate-arguments-array': false,
      'boolean-negation': false,
      'dot-notation': false,
    });
}

/** yargs quotes what it does not know; that may be the key, or a configuration that was passed in place of its file. */
function withoutSecrets(message: string, argv: readonly string[]): string {
  const words = argv.flatMap((word) => [word, word.replace(/^-+/, ''), ...word.split('=')]).filter(looksSecret);
  return words.sort((a, b) => b.length - a.length).reduce((text, word) => text.replaceAll(word, '****'), message);
}

function sentence(message: string): string {
  const line = message.trim().replace(/\s+/g, ' ');
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
