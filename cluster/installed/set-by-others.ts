import type { Json, JsonObject } from '../terraform-json.ts';
import { at, isObject, textAt } from '../terraform-json.ts';

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
  const inManifest = item(wanted, key);
  if (inManifest === undefined || inManifest === null) return [path];
  return Object.entries(isObject(fields) ? fields : {}).flatMap(([name, inner]) =>
    added(name, inner, inManifest, path),
  );
}

function sayKey(key: string): string {
  return key.slice(2);
}

/** What a key of managed fields leads to: a field `f:name`, an item by its keys `k:{...}` or by its value `v:...`. */
function item(value: Json | undefined, key: string): Json | undefined {
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
