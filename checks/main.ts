import { performance } from 'node:perf_hooks';
import { checkCluster } from '../cluster/check.ts';
import { endQuietlyWithoutReader } from '../settings/closed-pipe.ts';
import { crossedBoundaries } from './boundary.ts';
import { driftOfManifests } from './drift.ts';
import { forgottenEnvironments } from './environments.ts';
import { brokenLinks } from './links.ts';
import { problemsOf } from './tool.ts';

/** What `npm run check` looks at, in the order of how soon each is done. */
const checks: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  types: () => problemsOf('tsc', '--project', '.'),
  lint: () => problemsOf('oxlint', '--type-aware', '--deny-warnings'),
  format: async () => withRemedy(await problemsOf('oxfmt', '--check', '.'), 'Run npx oxfmt to format these files.'),
  'dead code': () => problemsOf('knip'),
  boundaries: () => crossedBoundaries('.'),
  links: () => brokenLinks('.'),
  environments: () => forgottenEnvironments('.'),
  drift: () => driftOfManifests('.'),
  cluster: () => checkCluster('.'),
};

endQuietlyWithoutReader();
let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  const startedAt = performance.now();
  const problems = await check().catch(said);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(`${problems.length === 0 ? 'ok  ' : 'FAIL'}  ${name}  ${seconds} s\n`);
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  if (problems.length > 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;

/** What stops a check, a wrong setting for example, is its problem: the other checks still have something to say. */
function said(error: unknown): readonly string[] {
  return [error instanceof Error ? error.message : String(error)];
}

function withRemedy(problems: readonly string[], remedy: string): readonly string[] {
  return problems.length === 0 ? problems : [...problems, remedy];
}
