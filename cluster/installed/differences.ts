import { isDeepStrictEqual } from 'node:util';
import { readQuantity } from '../../apps/validation/grammar.ts';
import { type Json, type JsonObject, at, isObject, textAt } from '../terraform-json.ts';

/** A field that is not as the manifest has it. Undefined stands for a field that is not there. */
export interface Difference {
  readonly path: readonly string[];
  readonly wanted: Json | undefined;
  readonly found: Json | undefined;
}

// Whatever is added to these means something, so no key may be more than the manifest has.
const exact = new Set(['data', 'binaryData', 'rules', 'labels', 'webhooks']);
const exactSpecs = /^(?:ValidatingAdmissionPolicy|MutatingAdmissionPolicy)(?:Binding)?$|^NetworkPolicy$|^AppProject$/;

// What the API server fills in where the manifest says nothing (kubernetes, pkg/apis/*/v1/defaults.go).
const defaults: Readonly<Record<string, Json>> = {
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  // Of a webhook's service.
  port: 443,
  // Of a NetworkPolicy without rules for what leaves.
  policyTypes: ['Ingress'],
  protocol: 'TCP',
  reinvocationPolicy: 'Never',
  scope: '*',
  timeoutSeconds: 10,
};

// Helm marks what it installs, the API server marks a namespace with its name, and a controller fills in a webhook's CA.
const addedKeys = new Set(['app.kubernetes.io/managed-by', 'kubernetes.io/metadata.name', 'caBundle']);

/** Fields that the API server, or Argo CD when it saves an Application, leaves out where they are false or 0, and so mean the same. */
const leftOut = new Set(
  (
    'hostNetwork hostPID hostIPC readOnly stdin stdinOnce tty paused optional preserveUnknownFields publishNotReadyAddresses ' +
    'deprecated nullable uniqueItems initialDelaySeconds minReadySeconds nodePort healthCheckNodePort weight allowEmpty'
  ).split(' '),
);

/** Maps of amounts, which the API server writes in its own way: `1000m` as `1`. */
const amounts = new Set(['limits', 'requests', 'hard', 'capacity']);
const singleAmounts = new Set(['sizeLimit', 'divisor', 'averageValue']);

/**
 * Where a live object is not as its manifest: every field of the manifest has to be there, and in maps of free keys nothing
 * more. Fields that the API server or a controller fills in are none of the manifest's, and do not count.
 */
export function differences(wanted: JsonObject, live: JsonObject): Difference[] {
  const spec = exactSpecs.test(String(wanted['kind'])) ? ['spec'] : [];
  const strict = new Set([...exact, ...spec]);
  return Object.entries(wanted)
    .filter(([key]) => key !== 'status')
    .flatMap(([key, value]) => compare(value, live[key], [key], strict, false));
}

function compare(
  wanted: Json,
  found: Json | undefined,
  path: readonly string[],
  strict: ReadonlySet<string>,
  inStrict: boolean,
): Difference[] {
  const key = path.at(-1) ?? '';
  if (isNothing(wanted, key) && (found === undefined || found === null)) return [];
  const isStrict = inStrict || (strict.has(key) && path.length < 3);
  // As if the manifest said nothing.
  if (wanted === null) return isStrict && isObject(found) ? compare({}, found, path, strict, inStrict) : [];
  if (isObject(wanted) && isObject(found)) {
    const more = isStrict ? Object.keys(found).filter((name) => isMore(name, wanted, found)) : [];
    return [
      ...Object.entries(wanted).flatMap(([name, value]) =>
        compare(value, found[name], [...path, name], strict, isStrict),
      ),
      ...more.map((name) => ({ path: [...path, name], wanted: undefined, found: found[name] })),
    ];
  }
  if (Array.isArray(wanted) && Array.isArray(found) && wanted.length === found.length) {
    const items: readonly Json[] = found;
    return wanted.flatMap((item: Json, index) =>
      compare(item, items[index], [...path, String(index)], strict, isStrict),
    );
  }
  const isAmount = amounts.has(path.at(-2) ?? '') || singleAmounts.has(key);
  return same(wanted, found) || (isAmount && sameAmount(wanted, found)) ? [] : [{ path, wanted, found }];
}

/** True for a key that the manifest lacks and that neither Helm nor the API server adds. */
function isMore(name: string, wanted: JsonObject, found: JsonObject): boolean {
  const value = found[name];
  if (Object.hasOwn(wanted, name) || addedKeys.has(name)) return false;
  if (isDeepStrictEqual(value, {}) || isDeepStrictEqual(value, [])) return false;
  return !isDeepStrictEqual(value, defaults[name]);
}

/** True for what the API server leaves out when it answers. */
function isNothing(wanted: Json, key: string): boolean {
  if (wanted === null || wanted === '') return true;
  if (wanted === false || wanted === 0) return leftOut.has(key);
  return isDeepStrictEqual(wanted, {}) || isDeepStrictEqual(wanted, []);
}

/** Numbers that YAML or the API may write as text are one: `80` and `"80"`. */
function same(wanted: Json, found: Json | undefined): boolean {
  if (found === undefined) return false;
  if (typeof wanted === 'object' || typeof found === 'object') return isDeepStrictEqual(wanted, found);
  return String(wanted) === String(found);
}

function sameAmount(wanted: Json, found: Json | undefined): boolean {
  const [one, other] = [readQuantity(wanted)?.value, readQuantity(found)?.value];
  if (one === undefined || other === undefined) return false;
  // Binary fractions of what is written in tenths.
  return Math.abs(one - other) <= Math.abs(one) * 1e-9;
}

/** A field that the manifest does not have and that another program than Helm has set. */
export interface SetByOther {
  readonly path: string;
  readonly manager: string;
}

// The helm command, and the provider that Terraform runs under its own name.
const helm = /^(?:helm|terraform-provider-helm)/i;

// Controllers that fill in what a manifest leaves to them.
const controllers =
  /^(?:kube-controller-manager|kube-scheduler|vpa-|glbc|gke-|Google-GKE|argocd-application-controller)/;

/**
 * What the API server has written down about who set which field (`metadata.managedFields`), for fields outside of
 * metadata and status. It finds a field that was added by hand where the manifest says nothing, as `hostNetwork: true`.
 */
export function setByOthers(wanted: JsonObject, live: JsonObject): SetByOther[] {
  const managed = at(live, 'metadata.managedFields');
  const entries: readonly Json[] = Array.isArray(managed) ? managed : [];
  return entries.flatMap((entry) => {
    const manager = textAt(entry, 'manager');
    if (helm.test(manager) || controllers.test(manager) || textAt(entry, 'subresource') === 'status') return [];
    const fields = at(entry, 'fieldsV1');
    return Object.entries(isObject(fields) ? fields : {})
      .filter(([key]) => key !== 'f:metadata' && key !== 'f:status')
      .flatMap(([key, inner]) => added(key, inner, wanted, ''))
      .map((path) => ({ path, manager }));
  });
}

/** The outermost fields of a tree of managed fields that the manifest lacks. */
function added(key: string, fields: Json, wanted: Json | undefined, under: string): string[] {
  // A controller fills in the CA of a webhook.
  if (key === '.' || key === 'f:caBundle') return [];
  const path = under === '' ? sayKey(key) : `${under}.${sayKey(key)}`;
  const inManifest = valueUnder(wanted, key);
  if (inManifest === undefined || inManifest === null) return [path];
  return Object.entries(isObject(fields) ? fields : {}).flatMap(([name, inner]) =>
    added(name, inner, inManifest, path),
  );
}

function sayKey(key: string): string {
  return key.slice(2);
}

/** What a key of managed fields leads to: a field `f:name`, an item by its keys `k:{...}` or by its value `v:...`. */
function valueUnder(value: Json | undefined, key: string): Json | undefined {
  const name = key.slice(2);
  if (key.startsWith('f:')) return isObject(value) ? value[name] : undefined;
  const items: readonly Json[] = Array.isArray(value) ? value : [];
  if (key.startsWith('v:')) return items.find((found) => JSON.stringify(found) === name);
  if (key.startsWith('i:')) return items[Number(name)];
  const keys: Json = JSON.parse(name);
  return items.find((found) => isObject(found) && isObject(keys) && hasKeys(found, keys));
}

/** True where an item has these keys; one that it leaves out is the API server's default, as `protocol` of a port. */
function hasKeys(found: JsonObject, keys: JsonObject): boolean {
  return Object.entries(keys).every(([name, value]) => found[name] === undefined || found[name] === value);
}
