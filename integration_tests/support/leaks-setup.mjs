// Makes the folder in which leaks.ts of every worker notes what it found.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function setUp() {
  process.env.LEAKS_FOLDER = mkdtempSync(join(tmpdir(), 'source-ashby-leaks-'));
}
