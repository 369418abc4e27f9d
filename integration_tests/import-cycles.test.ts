import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';

/*
 * The linter leaves out imports of types. A circle of types is a circle for whoever reads: neither file can be
 * understood, moved or split without the other.
 */

const root = new URL('..', import.meta.url).pathname;

/** The files of a folder and what each of them imports, by absolute path. */
function importsBelow(folders: readonly string[]): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.(ts|mjs)$/.test(name) || name.includes('node_modules')) continue;
      const file = join(root, folder, name);
      const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
      const paths = importedFiles.map(({ fileName }) => fileName).filter((path) => path.startsWith('.'));
      graph.set(
        file,
        paths.map((path) => resolve(dirname(file), path)),
      );
    }
  }
  return graph;
}

/** The first circle found, as the files on it; none is an empty list. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next);
      if (circle.length > 0) return circle;
    }
    path.pop();
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const circle = visit(file);
    if (circle.length > 0) return circle.map((one) => relative(root, one));
  }
  return [];
}

test('a circle is found, however long', () => {
  const graph = new Map([
    ['/a', ['/b', '/c']],
    ['/b', []],
    ['/c', ['/d']],
    ['/d', ['/c', '/b']],
  ]);
  expect(circleIn(graph)).toHaveLength(3);
  expect(circleIn(new Map([['/a', ['/b']]]))).toEqual([]);
});

test('no files of integration_tests and scripts import each other in a circle, types included', () => {
  const graph = importsBelow(['integration_tests', 'scripts']);
  expect(graph.size).toBeGreaterThan(100);
  expect(circleIn(graph)).toEqual([]);
});
