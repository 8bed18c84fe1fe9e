import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { noFaults, parseFaults } from './faults.ts';

const usage = `Usage: npm run build -- [--version V] [--revision SHA] [--faults JSON] [--out FILE]

Bundles the service into one file. It reads nothing of settings.ts.

  --version V      what the service says it is (the version in package.json)
  --revision SHA   the commit that it is built from (unknown)
  --faults JSON    what is to go wrong, to rehearse with: service/faults.ts
  --out FILE       the file (dist/service.cjs)

Exit: 0 built, 2 wrong use, 3 could not build.
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
