import { gunzipSync } from 'node:zlib';
import { parseAllDocuments } from 'yaml';
import type { Json, JsonObject } from '../terraform-json.ts';
import { isObject, textAt } from '../terraform-json.ts';

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
export function readRecord(configMap: JsonObject): Installed {
  const packed = Buffer.from(textAt(configMap, 'data.release'), 'base64');
  const record: Json = JSON.parse(gunzipSync(packed).toString('utf8'));
  const objects = parseAllDocuments(textAt(record, 'manifest'), { version: '1.1' }).map((document): Json =>
    document.toJS(),
  );
  return { name: textAt(record, 'name'), namespace: textAt(record, 'namespace'), objects: objects.filter(isObject) };
}
