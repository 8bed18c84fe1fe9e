import { parse } from 'yaml';
import { loadProject } from '../apps/project.ts';
import { exampleProject, leftFromExample } from '../settings/cross-checks.ts';
import { clustersOf } from './cluster-project.ts';
import { expectedValues } from './policy/expected/argocd-values.ts';
import {
  expectedAdmissionValues,
  expectedArgoCd,
  expectedControllerValues,
  expectedRootValues,
} from './policy/expected/argocd.ts';
import { expectedBootstrap } from './policy/expected/bootstrap.ts';
import { alone, type Among, type Owner, ownerOf } from './policy/expected/owner.ts';
import { expectedPlatform } from './policy/expected/platform.ts';
import { networkPolicy, referencePolicy, secretPolicy, where } from './policy/rules.ts';
import { type Mismatch, mismatches, type ShapeObject } from './policy/shape.ts';
import { goneClusters, recreations, refused, sameCluster } from './recreation.ts';
import { vanished } from './stack.ts';
import { compose, stacksOf } from './synthesize.ts';
import {
  type Block,
  type Clusters,
  isObject,
  type Json,
  type JsonObject,
  mergeBase,
  readSnapshots,
  resourcesOf,
  snapshotsAt,
  snapshotTexts,
  type Stacks,
  textAt,
} from './terraform-json.ts';

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

const rules = [expectedPolicy, networkPolicy, secretPolicy, argoCdPolicy, referencePolicy];

/** What must hold in every stack of a cluster, whoever changed it: a sentence for each breach, with the block and the remedy. */
export function policies(stacks: Stacks, among: Among = alone): string[] {
  return rules.flatMap((rule) => rule(stacks, among));
}

/** The values of both charts are what somebody has decided on, as the rest of the stack is. */
export function argoCdPolicy(stacks: Stacks, among: Among): string[] {
  const owner = ownerOf(stacks, among);
  return resourcesOf(stacks, 'helm_release').flatMap((release) => {
    const values = valuesOf(release);
    const [file, expected] = valueShapes[String(release.values['name'])] ?? ['argocd-values.ts', expectedValues];
    const shape = expected(owner, values);
    return mismatches(values, shape).map(
      ({ path, says }) =>
        `${where(release)}: ${path.join('.')} ${says}. Set it back, or decide on it in cluster/policy/expected/${file}.`,
    );
  });
}

/** What the values of a release may be, by its name, and the file that says so. */
const valueShapes: Readonly<Record<string, readonly [string, (owner: Owner, values: JsonObject) => ShapeObject]>> = {
  argocd: ['argocd-values.ts', expectedValues],
  root: ['argocd.ts', expectedRootValues],
  'policy-controller': ['argocd.ts', expectedControllerValues],
  admission: ['argocd.ts', expectedAdmissionValues],
};

function valuesOf(release: Block): JsonObject {
  const texts = release.values['values'];
  const text = Array.isArray(texts) ? texts[0] : undefined;
  const values: Json = typeof text === 'string' ? parse(text) : {};
  return isObject(values) ? values : {};
}

const shapes: Readonly<Record<string, (owner: Owner) => ShapeObject>> = {
  bootstrap: expectedBootstrap,
  platform: expectedPlatform,
  argocd: expectedArgoCd,
};

/**
 * Every stack is what somebody has decided on, field by field: an unknown resource, an unknown field and another value
 * are refused alike, until cluster/policy/expected/ names them.
 */
export function expectedPolicy(stacks: Stacks, among: Among): string[] {
  const owner = ownerOf(stacks, among);
  return [...new Set([...Object.keys(shapes), ...stacks.keys()])].flatMap((stack) =>
    unexpected(stack, stacks.get(stack), owner),
  );
}

/** As {@link expectedPolicy}, for one stack of an owner. */
export function unexpected(stack: string, json: Json | undefined, owner: Owner): string[] {
  const shape = shapes[stack];
  if (shape === undefined)
    return [`${stack} is a stack that cluster/policy/expected/ does not describe. Add it there.`];
  return mismatches(json, shape(owner)).map((mismatch) => sentence(stack, mismatch));
}

function sentence(stack: string, { path, says }: Mismatch): string {
  const [section = '', type = '', id = '', ...field] = path;
  const place = section === 'resource' && id !== '' ? [`${type}.${id}`, field.join('.')] : [path.join('.'), ''];
  const [block = '', inBlock = ''] = place;
  const at = inBlock === '' ? block : `${block}: ${inBlock}`;
  return `${stack}: ${at} ${says}. Set it back, or decide on it in cluster/policy/expected/${stack}.ts.`;
}

/** Every resource type that some settings may render, sorted. */
export function expectedTypes(): string[] {
  const everything = {
    domain: 'argocd.example.com',
    certified: true,
    watched: true,
    admitting: true,
    federated: true,
    budget: true,
    registry: 'europe-west1',
  };
  const owner: Owner = { ...alone, project: '', region: '', location: '', name: '', stateBucket: '', ...everything };
  return Object.values(shapes)
    .flatMap((shape) => Object.keys(Object(shape(owner)['resource'])))
    .toSorted();
}
