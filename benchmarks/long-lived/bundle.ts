import { resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles the program of a pod of the benchmark. */
export async function bundlePod(version: string, outFile: string): Promise<void> {
  await build({
    entryPoints: [resolve(import.meta.dirname, 'pod.ts')],
    outfile: outFile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    define: { BUNDLED_VERSION: JSON.stringify(version) },
    // What is CommonJS in it asks for Node.js' modules by require().
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
}
