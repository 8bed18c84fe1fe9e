import { performance } from 'node:perf_hooks';
import { UsageError } from 'zerodrop/errors';
import { readOptions } from 'zerodrop/options';
import { checkCluster } from '../cluster/check.ts';
import { runCommand } from '../settings/load.ts';
import { brokenLinks, crossedBoundaries, tooManySources } from './links.ts';
import { driftOfCodeOwners, forgottenEnvironments, strangersInCodeOwners } from './owners.ts';
import { driftOfManifests, problemsOf, trackedFiles } from './tools.ts';

/** What `npm run check` looks at, in the order of how soon each is done. */
const checks: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  types: () => problemsOf('tsc', '--project', '.'),
  lint: () => problemsOf('oxlint', '--type-aware', '--deny-warnings'),
  format: async () => withRemedy(await problemsOf('oxfmt', '--check', '.'), 'Run npx oxfmt to format these files.'),
  'dead code': () => problemsOf('knip'),
  boundaries: () => crossedBoundaries('.'),
  'source files': async () => tooManySources(await trackedFiles('.')),
  links: () => brokenLinks('.'),
  environments: () => forgottenEnvironments('.'),
  'code owners': async () => [...(await driftOfCodeOwners('.')), ...(await strangersInCodeOwners('.'))],
  drift: () => driftOfManifests('.'),
  cluster: () => checkCluster('.'),
};

const usage = `npm run check

Looks at ${Object.keys(checks).join(', ')}, and names each file that is wrong. It takes no options, and changes nothing.

Exit: 0 nothing is wrong, 1 something is wrong, 2 wrong use.
`;

const options = { help: { type: 'boolean', short: 'h', default: false } } as const;

await runCommand(async () => {
  if (readOptions(process.argv.slice(2), options, { help: 'npm run check -- --help', words: 0 }).values.help) {
    process.stdout.write(usage);
    return 0;
  }
  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    const startedAt = performance.now();
    const problems = await check().catch(said);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    process.stdout.write(`${problems.length === 0 ? 'ok  ' : 'FAIL'}  ${name}  ${seconds} s\n`);
    for (const problem of problems) process.stdout.write(`${problem}\n`);
    if (problems.length > 0) failed += 1;
  }
  return failed === 0 ? 0 : 1;
}, [UsageError]);

/** What stops a check, a wrong setting for example, is its problem: the other checks still have something to say. */
function said(error: unknown): readonly string[] {
  return [error instanceof Error ? error.message : String(error)];
}

function withRemedy(problems: readonly string[], remedy: string): readonly string[] {
  return problems.length === 0 ? problems : [...problems, remedy];
}
