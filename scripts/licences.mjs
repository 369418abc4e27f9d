// Gathers the licences of the packages whose code is in the bundle: their licences ask that the text comes along.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @param {string} root the project's folder
 * @param {Iterable<string>} inputs the bundled files, relative to it
 * @returns {Promise<string>} one text. Throws where a package comes without a licence.
 */
export async function licencesOf(root, inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder) folders.add(folder);
  }
  const parts = await Promise.all([...folders].map((folder) => licenceOf(join(root, folder))));
  return `The files in this folder hold code of the following packages.\n\n${parts.sort().join('\n')}`;
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = await readdir(folder);
  const named = files.filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(named.map((file) => readFile(join(folder, file), 'utf8')));
  if (texts.length === 0 && files.includes('README.md')) {
    // A few old packages have theirs at the end of the README.
    const section = /^(?:#+ *)?licen[cs]e\b[\s\S]*/im.exec(await readFile(join(folder, 'README.md'), 'utf8'));
    if (section?.[0].includes('Copyright')) texts.push(section[0]);
  }
  if (texts.length === 0 || !license) throw new Error(`${name} ${version} comes without a licence`);
  return `${name} ${version} (${license})\n${'-'.repeat(78)}\n${texts.map((text) => text.trim()).join('\n\n')}\n`;
}
