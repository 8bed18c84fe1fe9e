import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** Where the published schema is. */
export const schemaFile = path.join(import.meta.dirname, '../../../report.schema.json');

const isValid = new Ajv2020({ allErrors: true }).compile(
  closed(JSON.parse(readFileSync(schemaFile, 'utf8'))) as object,
);

/** What a report, as it is read back from report.json, has against the published schema. Here a name that the schema lacks is an error too. */
export function invalid(report: unknown): readonly string[] {
  const isRight = isValid(JSON.parse(JSON.stringify(report)));
  return isRight ? [] : (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** A schema that allows no property but those that it names: the published one allows those of later versions. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in schema && 'type' in schema ? { ...inside, additionalProperties: false } : inside;
}
