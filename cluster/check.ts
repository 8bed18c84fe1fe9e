import { loadProject } from '../apps/load.ts';
import { exampleProject, leftFromExample } from '../settings/cross-checks.ts';
import { clustersOf } from './cluster-project.ts';
import { compose, stacksOf } from './compose.ts';
import { policies } from './policy.ts';
import { goneClusters, recreations, refused, sameCluster } from './recreation.ts';
import { type Clusters, mergeBase, readSnapshots, snapshotTexts, snapshotsAt } from './snapshots.ts';
import { vanished } from './stack.ts';
import { type Stacks, textAt } from './terraform-json.ts';

/**
 * All that `npm run check` asks of the clusters, a sentence for each breach: values that the bindings lost, policies,
 * snapshots that nobody rendered, and changes since main that would re-create what runs. Writes nothing.
 */
export async function checkCluster(directory: string): Promise<string[]> {
  const project = await loadProject(directory);
  const made = clustersOf(project).map((cluster) => {
    const app = compose(cluster);
    const stacks = stacksOf(app);
    return { cluster, stacks, problems: [...vanished(app, stacks), ...policies(stacks, cluster)] };
  });
  const now = new Map(made.map(({ cluster, stacks }) => [cluster.folder, stacks]));
  const before = await clustersOfMain(directory);
  const recreated =
    before === null
      ? [
          'The branch main can’t be found here, so nothing shows what would be re-created. Fetch it: git fetch origin main (in CI: fetch-depth: 0).',
        ]
      : [
          ...made.flatMap(({ cluster, stacks }) => {
            const former = before.get(sameCluster(before, now, cluster.folder) ?? '-') ?? new Map();
            const found = refused(recreations(former, stacks), cluster.google.allowRecreation);
            return found.map((problem) => `${cluster.folder}${problem}`);
          }),
          ...goneClusters(
            before,
            now,
            made.flatMap(({ cluster }) => cluster.google.allowRecreation),
          ),
        ];
  return [
    ...leftFromExample(project.settings).map((problem) => `settings.ts: ${problem}`),
    ...made.flatMap(({ cluster, problems }) => problems.map((problem) => `${cluster.folder}${problem}`)),
    ...(await driftOfSnapshots(directory, now)),
    ...recreated,
  ];
}

async function driftOfSnapshots(directory: string, clusters: Clusters): Promise<string[]> {
  const committed = await readSnapshots(directory);
  const rendered = snapshotTexts(clusters);
  return [...new Set([...rendered.keys(), ...committed.keys()])].flatMap((path) => {
    if (committed.get(path) === rendered.get(path)) return [];
    const what = !committed.has(path)
      ? 'is missing'
      : rendered.has(path)
        ? 'is not what cluster/ renders'
        : 'is left over';
    return [`${path} ${what}. Run npm run synth and commit the result.`];
  });
}

/** The clusters as main had them where this branch left it; null without a main. */
async function clustersOfMain(directory: string): Promise<Clusters | null> {
  const base = await mergeBase(directory);
  if (base === null) return null;
  // Of the settings that a clone comes with, nothing was ever applied: there is nothing to lose yet.
  return new Map([...(await snapshotsAt(directory, base))].filter(([, stacks]) => !isExample(stacks)));
}

function isExample(stacks: Stacks): boolean {
  return textAt(stacks.get('platform'), 'provider.google.project') === exampleProject;
}
