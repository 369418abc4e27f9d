// Jest's transformer: esbuild, which the build uses anyway, strips the types. Modules stay as they are.
import { createHash } from 'node:crypto';
import { transformSync, version } from 'esbuild';

const options = { loader: 'ts', format: 'esm', target: 'es2023', sourcemap: 'inline' };

export default {
  getCacheKey: (source, path) =>
    createHash('sha256')
      .update([version, JSON.stringify(options), path, source].join('\0'))
      .digest('hex'),
  process: (source, path) => ({ code: transformSync(source, { ...options, sourcefile: path }).code }),
};
