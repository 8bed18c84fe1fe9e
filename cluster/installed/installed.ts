import { gunzipSync } from 'node:zlib';
import { parseAllDocuments } from 'yaml';
import { type Cluster, isNotFound, read } from 'zerodrop/rollout';
import { type Json, type JsonObject, isObject, textAt } from '../terraform-json.ts';
import { type Difference, differences, setByOthers } from './differences.ts';

/** What Helm wrote down when it installed or upgraded a release. */
export interface Installed {
  readonly name: string;
  readonly namespace: string;
  readonly objects: readonly JsonObject[];
}

/**
 * Reads Helm's record of a release from a ConfigMap `sh.helm.release.v1.NAME.vN`: JSON, compressed with gzip, in base64
 * (helm 3, pkg/storage/driver). The manifest is YAML 1.1, as Helm reads it: `0400` is octal, and `yes` is true. Hooks are not among the objects: Helm deletes them or leaves them by themselves.
 */
function readRecord(configMap: JsonObject): Installed {
  const packed = Buffer.from(textAt(configMap, 'data.release'), 'base64');
  const record: Json = JSON.parse(gunzipSync(packed).toString('utf8'));
  const objects = parseAllDocuments(textAt(record, 'manifest'), { version: '1.1' }).map((document): Json =>
    document.toJS(),
  );
  return { name: textAt(record, 'name'), namespace: textAt(record, 'namespace'), objects: objects.filter(isObject) };
}

interface Resource {
  readonly kind: string;
  /** The plural, as paths have it. */
  readonly name: string;
  readonly namespaced: boolean;
}

/** What of an installation is compared, and where it differs. */
export interface Comparison {
  readonly compared: number;
  /** A sentence for each difference. */
  readonly problems: readonly string[];
}

/**
 * Compares every object that Helm has installed into a namespace with the manifest in Helm's own record. Secrets are left
 * out: whoever compares them would have to read them.
 */
export async function compareInstalled(
  cluster: Cluster,
  namespace: string,
  releases: readonly string[],
): Promise<Comparison> {
  const records = await deployed(cluster, namespace);
  const missing = releases.filter((name) => !records.some((record) => record.name === name));
  const resources = new Map<string, readonly Resource[]>();
  const problems = missing.map((name) => `Helm has no deployed release ${name} in namespace ${namespace}.`);
  let compared = 0;
  for (const record of records.filter(({ name }) => releases.includes(name))) {
    for (const wanted of record.objects.filter(({ kind }) => kind !== 'Secret')) {
      compared += 1;
      problems.push(...(await compareObject(cluster, record, wanted, resources)));
    }
  }
  return { compared, problems };
}

async function deployed(cluster: Cluster, namespace: string): Promise<Installed[]> {
  const { items } = await read<{ readonly items: readonly JsonObject[] }>(
    cluster,
    `/api/v1/namespaces/${namespace}/configmaps`,
    { labelSelector: 'owner=helm,status=deployed' },
  );
  return items.map(readRecord);
}

async function compareObject(
  cluster: Cluster,
  { name: release, namespace }: Installed,
  wanted: JsonObject,
  resources: Map<string, readonly Resource[]>,
): Promise<string[]> {
  const live = await liveObject(cluster, namespace, wanted, resources);
  const title = sayObject(wanted, namespace);
  if (live === null) return [`${title} of Helm's release ${release} is gone.`];
  const found = differences(wanted, live);
  const others = setByOthers(wanted, live).filter(({ path }) => !found.some((one) => one.path.join('.') === path));
  return [
    ...found.map((difference) => `${title}: ${sayDifference(difference)}`),
    ...others.map(({ path, manager }) => `${title}: ${path} was set by ${manager}, and is not in Helm's manifest.`),
  ];
}

/** The object as it is now; null where it, or its kind, is not there. */
async function liveObject(
  cluster: Cluster,
  releaseNamespace: string,
  wanted: JsonObject,
  resources: Map<string, readonly Resource[]>,
): Promise<JsonObject | null> {
  const version = textAt(wanted, 'apiVersion');
  const api = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
  const known = resources.get(api) ?? (await discover(cluster, api));
  resources.set(api, known);
  const resource = known.find(({ kind, name }) => kind === wanted['kind'] && !name.includes('/'));
  if (resource === undefined) return null;
  const namespace = textAt(wanted, 'metadata.namespace');
  const within = resource.namespaced ? `/namespaces/${namespace === '' ? releaseNamespace : namespace}` : '';
  return orNull(read<JsonObject>(cluster, `${api}${within}/${resource.name}/${textAt(wanted, 'metadata.name')}`));
}

async function discover(cluster: Cluster, api: string): Promise<readonly Resource[]> {
  const list = await orNull(read<{ readonly resources: readonly Resource[] }>(cluster, api));
  return list?.resources ?? [];
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

function sayObject(object: JsonObject, releaseNamespace: string): string {
  const namespace = textAt(object, 'metadata.namespace');
  const place = namespace === '' || namespace === releaseNamespace ? '' : `${namespace}/`;
  return `${textAt(object, 'kind')} ${place}${textAt(object, 'metadata.name')}`;
}

function sayDifference({ path, wanted, found }: Difference): string {
  const field = path.map((key) => (/[./]/.test(key) ? `"${key}"` : key)).join('.');
  if (wanted === undefined) return `${field} is ${say(found)}, and is not in Helm's manifest.`;
  return `${field} is ${say(found)}, Helm installed ${say(wanted)}.`;
}

function say(value: Json | undefined): string {
  if (value === undefined) return 'not there';
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
