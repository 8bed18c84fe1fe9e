import { resolve } from 'node:path';
import { build } from 'esbuild';
import { type Faults, noFaults } from './faults.ts';

export interface BundleOptions {
  /** What `/version` answers. It travels in a header too, so it may have letters, digits and `. _ + -`. */
  readonly version: string;
  /** The commit that is built, in hex, or `unknown`. */
  readonly revision: string;
  readonly faults?: Partial<Faults>;
  readonly outFile: string;
}

/**
 * Bundles the service and everything that it needs into one CommonJS file, the same bytes for the same options and sources.
 * Throws an error that names the option when it has a wrong value.
 */
export async function bundle({ version, revision, faults = {}, outFile }: BundleOptions): Promise<void> {
  if (!/^[\w.+-]{1,128}$/.test(version)) {
    throw new Error(
      `The version is "${version}", but it must be 1 to 128 letters, digits, dots, and _ + -, as in 1.4.0.`,
    );
  }
  if (!/^([0-9a-f]{7,64}|unknown)$/.test(revision)) {
    throw new Error(`The revision is "${revision}", but it must be a commit in hex. Leave it out if there is none.`);
  }
  const root = resolve(import.meta.dirname, '..');
  await build({
    absWorkingDir: root,
    entryPoints: ['service/main.ts'],
    outfile: resolve(outFile),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // Nothing outside service/ and the lockfile decides what the bytes are.
    tsconfigRaw: {},
    logLevel: 'silent',
    define: {
      BAKED_VERSION: JSON.stringify(version),
      BAKED_REVISION: JSON.stringify(revision),
      BAKED_FAULTS: JSON.stringify({ ...noFaults, ...faults }),
    },
  });
}
