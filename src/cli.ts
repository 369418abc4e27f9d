import yargs, { type Argv } from 'yargs';
import { packageVersion } from './assets.ts';
import { ConnectorError } from './errors.ts';
import { looksSecret } from './redact.ts';
import type { Choice } from './tables/choice.ts';
import { describeWebhooks, webhookWords, type WebhookWords } from './webhooks/command.ts';

/** What the command line asks for. */
export type Command = { debug: boolean; exitCodes: 'plain' | 'detailed' } & (
  | { name: 'spec' }
  | ({ name: 'check'; report: boolean } & Form)
  | ({ name: 'discover' } & Form)
  | ({ name: 'catalog' } & Form & Choice)
  | ({ name: 'read' } & ReadCommand)
  | { name: 'webhooks'; words: WebhookWords }
  | { name: 'text'; text: string }
);

/** Undefined where the key comes by the environment. */
interface Form {
  config: string | undefined;
}

/** What `read` was told: paths of files, and names of tables. */
export interface ReadCommand extends Form, Choice {
  catalog: string | undefined;
  state: string | undefined;
  saveState: string | undefined;
  out: string | undefined;
}

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
  const debug = words['debug'] === true;
  const exitCodes = words['exit-codes'] === 'detailed' ? 'detailed' : 'plain';
  const common = { debug, exitCodes } as const;
  if (text !== '') return { ...common, name: 'text', text: `${text}\n` };
  const [name] = words._;
  const given = (option: string): string | undefined => textOf(words[option]);
  const config = given('config');
  if (name === 'spec') return { ...common, name };
  if (name === 'check') return { ...common, name, config, report: words['report'] === true };
  if (name === 'discover') return { ...common, name, config };
  if (name === 'webhooks') return { ...common, name, words: webhookWords(words) };
  const choice = { streams: namesIn(given('streams')), exclude: namesIn(given('exclude')) };
  if (name === 'catalog') return { ...common, name, config, ...choice };
  const catalog = given('catalog');
  if (catalog !== undefined && (choice.streams ?? choice.exclude) !== undefined) {
    throw new UsageError('--streams and --exclude choose where no --catalog does: leave out one or the other.', asked);
  }
  const paths = { config, catalog, state: given('state'), saveState: given('save-state'), out: given('out') };
  if (paths.saveState !== undefined && [config, catalog].includes(paths.saveState)) {
    throw new UsageError('--save-state would overwrite another file that was given. Name a file of its own.', asked);
  }
  return { ...common, name: 'read', ...paths, ...choice };
}

/** yargs gives options of the type string as texts. */
function textOf(word: unknown): string | undefined {
  return typeof word === 'string' ? word : undefined;
}

/** Names with commas between them. */
function namesIn(text: string | undefined): string[] | undefined {
  const names = text?.split(',').map((name) => name.trim());
  return names?.filter((name) => name !== '');
}

function describe(parser: Argv): Argv {
  const file = (description: string, demandOption: boolean) =>
    ({ type: 'string', requiresArg: true, demandOption, description }) as const;
  const config = file(
    'JSON file with the connection form, see spec; not needed where ASHBY_API_KEY has the key',
    false,
  );
  const choice = {
    streams: file('tables to read, such as candidates,jobs; without it, every table that the key can read', false),
    exclude: file('tables to leave out', false),
  };
  return parser
    .scriptName('source-ashby')
    .usage('$0 <command>\n\nReads Ashby and prints Airbyte protocol messages, one JSON object a line.')
    .command('spec', 'print what the configuration looks like')
    .command('check', 'print whether the API key works and what it may read', (command) =>
      command
        .option('config', config)
        .option('report', { type: 'boolean', default: false, description: 'print a table for people instead' }),
    )
    .command('discover', 'print the tables that the API key can read', (command) => command.option('config', config))
    .command('catalog', 'print a configured catalog for read, to be edited', (command) =>
      command.option('config', config).options(choice),
    )
    .command('read', 'print the rows of the chosen tables, or write them into files', (command) =>
      command
        .option('config', config)
        .option('catalog', file('JSON file with the configured catalog: which tables to read, and how', false))
        .options(choice)
        .option('state', file('JSON file with the states of an earlier run; it need not exist yet', false))
        .option('save-state', file('file that the states are written to as the run goes on', false))
        .option('out', file('folder for a file of rows for each table and run.json, in place of messages', false)),
    )
    .command('webhooks [task]', 'receive webhooks of Ashby, and what belongs to that', describeWebhooks)
    .option('exit-codes', {
      choices: ['plain', 'detailed'] as const,
      default: 'plain',
      description: 'detailed: 78 mend the configuration, 75 try again later, 70 a defect; plain: 1 for each of them',
    })
    .option('debug', { type: 'boolean', default: false, description: 'also log every request' })
    .demandCommand(1, 'name one of the commands spec, check, discover, catalog, read, webhooks.')
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
