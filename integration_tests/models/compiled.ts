/** The package's models as plain SQL for DuckDB, in the order in which they need one another: what the demo runs. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { dbt } from './warehouse.ts';

interface Node {
  resource_type: string;
  name: string;
  compiled_code: string;
  config: { materialized: string };
  depends_on: { nodes: string[] };
}

/** `file` is a DuckDB with the connector's tables. Throws what dbt said where it failed. */
export async function compiledModels(file: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'source-ashby-compiled-'));
  try {
    const { code, said } = await dbt(['compile'], { ASHBY_DUCKDB: file, DBT_TARGET_PATH: folder }, false);
    if (code !== 0) throw new Error(said);
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { nodes: Record<string, Node> };
    const done = new Set<string>();
    const statements: string[] = [];
    const add = (id: string): void => {
      const node = manifest.nodes[id];
      if (node?.resource_type !== 'model' || done.has(id)) return;
      done.add(id);
      for (const needed of [...node.depends_on.nodes].sort()) add(needed);
      const sql = node.compiled_code.replaceAll(`"${basename(file, '.duckdb')}"."main".`, '').trim();
      statements.push(`create or replace ${node.config.materialized} ${node.name} as\n${sql};\n`);
    };
    for (const id of Object.keys(manifest.nodes).sort()) add(id);
    return `-- Made from dbt/ by WRITE_MODELS=1 npm run test:models; do not edit.\n\n${statements.join('\n')}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
