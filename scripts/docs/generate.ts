import { fullTable, parentsTable, permissionTable, sections, shortTable, startDateLists, waysTable } from './render.ts';

/** Which generated parts stand in which file, by the name in their markers. */
export const generated: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'README.md': { tables: shortTable },
  'docs/ashby.md': { permissions: permissionTable, streams: fullTable },
  'docs/incremental.md': { ways: waysTable, parents: parentsTable, 'start-date': startDateLists },
  'docs/streams.md': { streams: sections },
};

/**
 * The file's text with its generated parts made anew. A part stands between `<!-- generated: NAME … -->` and
 * `<!-- /generated -->`; all else is left alone. Throws where a part has no place, or a marker no part.
 */
export function regenerate(file: string, text: string): string {
  const parts = { ...generated[file] };
  const made = text.replace(
    /(<!-- generated: ([a-z-]+)[^>]*-->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_whole, begin: string, name: string, end: string) => {
      const part = parts[name];
      if (!part) throw new Error(`${file} has a marker for "${name}", which nothing makes or which is there twice`);
      delete parts[name];
      return `${begin}\n${part()}\n\n${end}`;
    },
  );
  const [homeless] = Object.keys(parts);
  if (homeless !== undefined) throw new Error(`${file} has no marker for the generated part "${homeless}"`);
  return made;
}
