import { parse } from 'yaml';
import type { Block, Json, JsonObject, Stacks } from '../terraform-json.ts';
import { at, isObject, resourcesOf, textAt } from '../terraform-json.ts';
import { where } from './block.ts';

const rootKinds = ['Application', 'AppProject'];

/** Argo CD as it may run: pinned, not public by itself, and with a root that makes nothing but projects and applications. */
export function argoCdPolicy(stacks: Stacks): string[] {
  return resourcesOf(stacks, 'helm_release').flatMap((release) => {
    const values = valuesOf(release);
    return [
      ...pinned(release),
      ...(release.values['chart'] === 'argo-cd' ? server(release, values) : []),
      ...projects(release, values),
    ];
  });
}

function valuesOf(release: Block): JsonObject {
  const texts = release.values['values'];
  const text = Array.isArray(texts) ? texts[0] : undefined;
  const values: Json = typeof text === 'string' ? parse(text) : {};
  return isObject(values) ? values : {};
}

function pinned(release: Block): string[] {
  if (/^\d+\.\d+\.\d+$/.test(textAt(release.values, 'version'))) return [];
  return [
    `${where(release)}: version is no exact number, so an apply could upgrade it unseen. Pin it in cluster/versions.ts.`,
  ];
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
    const kinds = at(project, 'namespaceResourceWhitelist');
    const others = (Array.isArray(kinds) ? kinds : [])
      .map((kind) => textAt(kind, 'kind'))
      .filter((kind) => !rootKinds.includes(kind));
    const wide = at(project, 'clusterResourceWhitelist') === undefined ? [] : ['kinds of the whole cluster'];
    return [...others, ...wide].map(
      (kind) =>
        `${where(release)}: project ${name} may make ${kind}; the root makes ${rootKinds.join(' and ')} only. Leave it out.`,
    );
  });
}
