import { loadProject } from '../apps/load.ts';
import { exampleProject, leftFromExample } from '../settings/example.ts';
import { resolveGoogle } from '../settings/google/resolve.ts';
import { firstOf } from '../settings/settings.ts';
import { compose } from './compose.ts';
import { mergeBase, snapshotsAt } from './merge-base.ts';
import { policies } from './policy.ts';
import { recreations, refused } from './recreation.ts';
import { readSnapshot, snapshotPath, snapshotText } from './snapshot.ts';
import { stacksOf } from './stacks-of.ts';
import type { Stacks } from './terraform-json.ts';
import { textAt } from './terraform-json.ts';
import { vanished } from './vanished.ts';

/**
 * All that `npm run check` asks of the cluster, a sentence for each breach: values that the bindings lost, policies,
 * snapshots that nobody rendered, and changes since main that would re-create what runs. Writes nothing.
 */
export async function checkCluster(directory: string): Promise<string[]> {
  const project = await loadProject(directory);
  const app = compose(project);
  const { google } = firstOf(project.settings.clusters);
  const stacks = stacksOf(app);
  return [
    ...leftFromExample(project.settings).map((problem) => `settings.ts: ${problem}`),
    ...vanished(app, stacks),
    ...policies(stacks),
    ...(await driftOfSnapshots(directory, stacks)),
    ...(await recreationsSinceMain(directory, stacks, resolveGoogle(google).allowRecreation)),
  ];
}

async function driftOfSnapshots(directory: string, stacks: Stacks): Promise<string[]> {
  const problems: string[] = [];
  for (const [stack, json] of stacks) {
    const committed = await readSnapshot(directory, stack);
    if (committed === snapshotText(json)) continue;
    const what = committed === null ? 'is missing' : 'is not what cluster/ renders';
    problems.push(`${snapshotPath(stack)} ${what}. Run npm run synth and commit the result.`);
  }
  return problems;
}

async function recreationsSinceMain(directory: string, stacks: Stacks, allowed: readonly string[]): Promise<string[]> {
  const base = await mergeBase(directory);
  if (base === null) {
    return [
      'The branch main can’t be found here, so nobody can tell what would be re-created. Fetch it: git fetch origin main (in CI: fetch-depth: 0).',
    ];
  }
  const before = await snapshotsAt(directory, base);
  // Of the settings that a clone comes with, nothing was ever applied: there is nothing to lose yet.
  if (textAt(before.get('platform'), 'provider.google.project') === exampleProject) return [];
  return refused(recreations(before, stacks), allowed);
}
