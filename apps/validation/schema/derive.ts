import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isRecord } from '../../../settings/sentences.ts';

/**
 * Writes kubernetes.json, the kinds and schemas that an API server tells of itself. Run it against a cluster without further kinds, of
 * the Kubernetes version to move to and with Argo CD installed (docs/how-to/rehearse-on-kind.md):
 *
 *     node --import tsx apps/validation/schema/derive.ts CONTEXT
 */
function derive(context: string): void {
  const kinds: Record<string, unknown> = {};
  const schemas: Record<string, unknown> = {};
  // Stable versions: others are off unless a cluster turns them on, and go without notice.
  const served = Object.keys(record(ask(context, '/openapi/v3')['paths'])).filter((place) =>
    /^(?:api|apis\/[^/]+)\/v\d+$|^apis\/argoproj\.io\//.test(place),
  );
  for (const place of served.toSorted()) {
    const { paths, components } = ask(context, `/openapi/v3/${place}`);
    Object.assign(schemas, record(components)['schemas']);
    for (const [url, operations] of Object.entries(record(paths)))
      Object.assign(kinds, kindOf(url, record(operations)));
  }
  const used: Record<string, unknown> = {};
  const take = (name: string): void => {
    if (Object.hasOwn(used, name)) return;
    used[name] = null;
    used[name] = normal(schemas[name], take);
  };
  for (const kind of Object.values(kinds)) take(String(record(kind)['schema']));
  const version = record(ask(context, '/version'))['gitVersion'];
  const text = `{\n  "version": ${JSON.stringify(version)},\n  "kinds": {\n${lines(kinds)}\n  },\n  "schemas": {\n${lines(used)}\n  }\n}\n`;
  writeFileSync(path.join(import.meta.dirname, 'kubernetes.json'), text);
}

function ask(context: string, place: string): Record<string, unknown> {
  const answer = execFileSync('kubectl', ['--context', context, 'get', '--raw', place], { maxBuffer: 2 ** 26 });
  return record(JSON.parse(answer.toString()));
}

/** The entries of an object by name, a line each: a new version of Kubernetes can be read as a diff. */
function lines(values: object): string {
  return Object.entries(values)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n');
}

/** The kind that a place of the API keeps, by `apiVersion kind`: what can be patched there can be applied. */
function kindOf(url: string, operations: Record<string, unknown>): Record<string, unknown> {
  if (!url.endsWith('/{name}') || operations['patch'] === undefined) return {};
  const { group, version, kind } = record(record(operations['patch'])['x-kubernetes-group-version-kind']);
  const apiVersion = group === '' ? String(version) : `${String(group)}/${String(version)}`;
  const responses = record(record(operations['get'])['responses']);
  const answer = record(record(record(responses['200'])['content'])['application/json']);
  const schema = nameIn(String(record(answer['schema'])['$ref']));
  return { [`${apiVersion} ${String(kind)}`]: { schema, namespaced: url.includes('/{namespace}/') } };
}

/** A schema without its prose, its references in one form. `take` is told of each schema that it refers to. */
function normal(schema: unknown, take: (name: string) => void): unknown {
  const { $ref, allOf, type, format, properties, items, additionalProperties, ...rest } = record(schema ?? {});
  const reference = $ref ?? (Array.isArray(allOf) ? record(allOf[0])['$ref'] : undefined);
  if (typeof reference === 'string') {
    take(nameIn(reference));
    return { ref: nameIn(reference) };
  }
  const kept = [
    'enum',
    'minimum',
    'maximum',
    'minLength',
    'maxLength',
    'pattern',
    'required',
    'x-kubernetes-list-type',
    'x-kubernetes-list-map-keys',
  ];
  const isIntOrString = format === 'int-or-string' || rest['x-kubernetes-int-or-string'] === true;
  return {
    ...(isIntOrString ? { type: 'int-or-string' } : { type, format }),
    // Of an object or a list it is the empty one, and says nothing.
    ...(typeof rest['default'] !== 'object' && { default: rest['default'] }),
    ...Object.fromEntries(kept.map((key) => [key, rest[key]])),
    ...(isRecord(properties) && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, normal(value, take)])),
    }),
    ...(items !== undefined && { items: normal(items, take) }),
    ...(isRecord(additionalProperties) && { additionalProperties: normal(additionalProperties, take) }),
    ...((rest['x-kubernetes-preserve-unknown-fields'] === true || additionalProperties === true) && { open: true }),
  };
}

function nameIn(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function record(value: unknown): Record<string, unknown> {
  if (!isRecord(value))
    throw new Error(`The API server answered ${JSON.stringify(value)} where an object was expected.`);
  return value;
}

/** Where the definitions of kinds are from that others serve on Google's clusters, by API group. */
const origins = {
  'gateway.networking.k8s.io': 'https://github.com/kubernetes-sigs/gateway-api v1.4.1, channel standard',
  'monitoring.googleapis.com':
    'https://github.com/GoogleCloudPlatform/prometheus-engine 2ffde4ec7b7e4ca1da4e32f36b692945b78a60e4',
  'networking.gke.io':
    'https://github.com/GoogleCloudPlatform/gke-gateway-api fc40d606a5332f11a8883f85caff66b63c4e88ef',
};

/**
 * Writes definitions.json, the CustomResourceDefinitions in the YAML files of a folder, each with its stable version alone and without
 * prose. They can be applied as they are:
 *
 *     node --import tsx apps/validation/schema/derive.ts --definitions FOLDER
 */
function deriveDefinitions(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const documents = files
    .toSorted()
    .flatMap((name) => parseAllDocuments(readFileSync(path.join(folder, name), 'utf8')));
  const definitions = documents.flatMap((document) => {
    const { status: _, ...definition } = record(document.toJS() ?? {});
    const { versions, ...spec } = record(definition['spec'] ?? {});
    const stable = Array.isArray(versions) ? versions.filter(({ name }) => name === 'v1') : [];
    return stable.length === 0 ? [] : [withoutProse({ ...definition, spec: { ...spec, versions: stable } })];
  });
  const written = definitions.map((definition) => `    ${JSON.stringify(definition)}`).join(',\n');
  const text = `{\n  "licence": "Apache-2.0",\n  "origins": ${JSON.stringify(origins)},\n  "definitions": [\n${written}\n  ]\n}\n`;
  writeFileSync(path.join(import.meta.dirname, 'definitions.json'), text);
}

function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([key, inner]) => key !== 'description' || typeof inner !== 'string');
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutProse(inner)]));
}

const [what, folder] = process.argv.slice(2);
if (what === undefined) throw new Error('Name the context of kubectl to ask, or --definitions and a folder.');
if (what !== '--definitions') derive(what);
else deriveDefinitions(folder ?? '.');
