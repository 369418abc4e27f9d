/**
 * Command: keeps the spec and the catalog of this release in snapshots/<version>, for the compatibility tests of later
 * ones. Columns of custom fields are left out: they belong to an account, not to a release. Run it once for each release, and never again for an old one.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Connector, streamsOf } from './acceptance/connector.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const folder = new URL(`snapshots/${version}/`, import.meta.url);
const connector = await Connector.start();
const { out } = await connector.run('spec');
const catalog = { streams: streamsOf(await connector.discover({ ...connector.config, custom_field_columns: false })) };
await connector.stop();
mkdirSync(folder, { recursive: true });
const spec = out.messages.find((message) => message.spec)?.spec;
for (const [name, content] of Object.entries({ spec, catalog })) {
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(content, null, 1)}\n`);
}
process.stdout.write(`${folder.pathname}: ${catalog.streams.length} tables\n`);
