import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build as esbuild } from 'esbuild';
import { type Faults, noFaults, parseFaults } from './faults.ts';

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
  await esbuild({
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

const usage = `Usage: npm run build -- [--version V] [--revision SHA] [--faults JSON] [--out FILE]

Bundles the service into one file. It reads nothing of settings.ts.

  --version V      what the service says it is (the version in package.json)
  --revision SHA   the commit that it is built from (unknown)
  --faults JSON    what is to go wrong, to rehearse with: service/faults.ts
  --out FILE       the file (dist/service.cjs)

Exit: 0 built, 2 wrong use, 3 it could not build.
`;

async function packageVersion(): Promise<string> {
  const text = await readFile(resolve(import.meta.dirname, '../package.json'), 'utf8');
  const { version }: { version: string } = JSON.parse(text);
  return version;
}

function readOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { version: text, revision: text, faults: text, out: text, help: { type: 'boolean', short: 'h' } },
  });
  const [empty] = Object.entries(values).find(([, value]) => value === '') ?? [];
  if (empty !== undefined) throw new Error(`--${empty} is empty.`);
  return values;
}

async function bundleAs(options: ReturnType<typeof readOptions>): Promise<string> {
  const version = options.version ?? (await packageVersion());
  const revision = options.revision ?? 'unknown';
  const outFile = options.out ?? 'dist/service.cjs';
  const faults = options.faults === undefined ? noFaults : parseFaults('--faults', options.faults);
  await bundle({ version, revision, faults, outFile });
  return `${outFile}: version ${version}, revision ${revision}\n`;
}

/** What a build says, and how it ended. */
export interface Built {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: 0 | 2 | 3;
}

/** Builds the service as the arguments say, and throws nothing but faults of ours. */
export async function build(args: readonly string[]): Promise<Built> {
  try {
    const options = readOptions(args);
    return { stdout: options.help === true ? usage : await bundleAs(options), stderr: '', exitCode: 0 };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isBuildFailure = 'errors' in error;
    const stderr = `build: ${error.message}\n${isBuildFailure ? '' : usage}`;
    return { stdout: '', stderr, exitCode: isBuildFailure ? 3 : 2 };
  }
}
