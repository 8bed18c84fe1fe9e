import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { argoNamespace } from '../../apps/argo/place.ts';
import type { Block, Json, JsonObject, Stacks } from '../terraform-json.ts';
import { at, isObject, resourcesOf, textAt } from '../terraform-json.ts';
import { where } from './block.ts';

// Sorted.
const rootKinds = ['argoproj.io/AppProject', 'argoproj.io/Application'];

/** Argo CD as it may run: not public by itself, and with a root that makes nothing but projects and applications. */
export function argoCdPolicy(stacks: Stacks): string[] {
  return resourcesOf(stacks, 'helm_release').flatMap((release) => {
    const values = valuesOf(release);
    return [...(release.values['chart'] === 'argo-cd' ? server(release, values) : []), ...projects(release, values)];
  });
}

function valuesOf(release: Block): JsonObject {
  const texts = release.values['values'];
  const text = Array.isArray(texts) ? texts[0] : undefined;
  const values: Json = typeof text === 'string' ? parse(text) : {};
  return isObject(values) ? values : {};
}

function server(release: Block, values: JsonObject): string[] {
  const type = textAt(values, 'server.service.type');
  const problems = [];
  if (type !== 'ClusterIP') problems.push(`server.service.type is ${type}, so Argo CD would be public. Use ClusterIP`);
  if (at(values, 'global.networkPolicy.create') !== true)
    problems.push('global.networkPolicy.create is not true, so every pod reaches Argo CD’s Redis. Set it');
  const cm = at(values, 'configs.cm');
  const settings = isObject(cm) ? cm : {};
  if (settings['application.resourceTrackingMethod'] !== 'annotation')
    problems.push(
      'application.resourceTrackingMethod is not annotation, so labels decide what Argo CD deletes. Set it',
    );
  if (settings['dex.config'] !== undefined && settings['admin.enabled'] !== 'false')
    problems.push('admin is enabled beside single sign-on, so its password opens everything. Disable it');
  return problems.map((problem) => `${where(release)}: ${problem}.`);
}

function projects(release: Block, values: JsonObject): string[] {
  const listed = values['projects'];
  return Object.entries(isObject(listed) ? listed : {}).flatMap(([name, project]) => {
    const problems = [];
    // A missing list allows every kind: it has to be there, and to be exact.
    if (!isDeepStrictEqual(kindsOf(project), rootKinds))
      problems.push(`may not make exactly ${rootKinds.join(' and ')}. Write these into namespaceResourceWhitelist`);
    if (at(project, 'clusterResourceWhitelist') !== undefined)
      problems.push('may make kinds of the whole cluster. Leave clusterResourceWhitelist out');
    const repositories = listAt(project, 'sourceRepos');
    if (repositories.length !== 1 || String(repositories[0]).includes('*'))
      problems.push('reads other than one repository. Name it alone in sourceRepos');
    const places = listAt(project, 'destinations');
    if (places.length !== 1 || textAt(places[0], 'namespace') !== argoNamespace)
      problems.push(`reaches other than namespace ${argoNamespace}. Name it alone in destinations`);
    return problems.map((problem) => `${where(release)}: project ${name} ${problem} (cluster/argocd/root.ts).`);
  });
}

function listAt(value: Json, key: string): readonly Json[] {
  const list = at(value, key);
  return Array.isArray(list) ? list : [];
}

function kindsOf(project: Json): string[] {
  return listAt(project, 'namespaceResourceWhitelist')
    .map((kind) => `${textAt(kind, 'group')}/${textAt(kind, 'kind')}`)
    .toSorted();
}
