import { resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles the service with its WebSocket. */
export async function bundlePod(version: string, outFile: string): Promise<void> {
  await build({
    entryPoints: [resolve(import.meta.dirname, 'pod.ts')],
    outfile: outFile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'silent',
    define: { BUNDLED_VERSION: JSON.stringify(version) },
  });
}
