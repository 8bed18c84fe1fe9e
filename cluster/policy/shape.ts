import { parseDocument } from 'yaml';
import type { Json, JsonObject } from '../terraform-json.ts';
import { isObject } from '../terraform-json.ts';

/**
 * What a value has to be: itself for a string, number or boolean, a text that matches for a regular expression, item by
 * item for a list, field by field for an object (no more fields and no fewer), or as a {@link Rule} says.
 */
export type Shape = string | number | boolean | null | RegExp | Rule | readonly Shape[] | ShapeObject;

export interface ShapeObject {
  readonly [field: string]: Shape;
}

/** A value that is not as expected: where it is, and half a sentence that says what it is instead. */
export interface Mismatch {
  readonly path: readonly string[];
  readonly says: string;
}

type Path = readonly string[];

/** A shape that a value alone can't express. */
export class Rule {
  readonly mismatches: (value: Json | undefined, path: Path) => Mismatch[];

  constructor(mismatchesOf: (value: Json | undefined, path: Path) => Mismatch[]) {
    this.mismatches = mismatchesOf;
  }
}

/** Where a value differs from its shape. A missing value is `undefined`. */
export function mismatches(value: Json | undefined, shape: Shape, path: Path = []): Mismatch[] {
  if (shape instanceof Rule) return shape.mismatches(value, path);
  if (value === undefined) return [{ path, says: `is missing, expected ${sayShape(shape)}` }];
  if (shape instanceof RegExp) return typeof value === 'string' && shape.test(value) ? [] : differs(value, shape, path);
  if (isList(shape)) return listMismatches(value, shape, path);
  if (typeof shape === 'object' && shape !== null) return objectMismatches(value, shape, path);
  return value === shape ? [] : differs(value, shape, path);
}

function isList(shape: Shape): shape is readonly Shape[] {
  return Array.isArray(shape);
}

function differs(value: Json, shape: Shape, path: Path): Mismatch[] {
  return [{ path, says: `is ${JSON.stringify(value)}, expected ${sayShape(shape)}` }];
}

function listMismatches(value: Json, shapes: readonly Shape[], path: Path): Mismatch[] {
  if (!Array.isArray(value)) return differs(value, shapes, path);
  const items: readonly Json[] = value;
  if (items.length !== shapes.length) {
    const says = `is ${JSON.stringify(value)}, expected ${shapes.length} ${shapes.length === 1 ? 'item' : 'items'}`;
    return [{ path, says }];
  }
  return shapes.flatMap((shape, index) => mismatches(items[index], shape, [...path, String(index)]));
}

function objectMismatches(value: Json, shapes: ShapeObject, path: Path): Mismatch[] {
  if (!isObject(value)) return differs(value, shapes, path);
  const unknown = Object.keys(value).filter((field) => field !== '//' && !Object.hasOwn(shapes, field));
  return [
    ...unknown.map((field) => ({ path: [...path, field], says: 'is not expected' })),
    ...Object.entries(shapes).flatMap(([field, shape]) => mismatches(own(value, field), shape, [...path, field])),
  ];
}

function own(value: JsonObject, field: string): Json | undefined {
  return Object.hasOwn(value, field) ? value[field] : undefined;
}

function sayShape(shape: Shape): string {
  if (shape instanceof RegExp) return `a text like ${shape.source}`;
  if (shape instanceof Rule) return 'another value';
  if (isList(shape)) return 'a list';
  if (typeof shape === 'object' && shape !== null) return 'an object';
  return JSON.stringify(shape);
}

/** These fields where the owner has decided on what they are for, and none of them otherwise. */
export function given(decided: boolean, fields: ShapeObject): ShapeObject {
  return decided ? fields : {};
}

/** As the shape, or not there at all. */
export function optional(shape: Shape): Rule {
  return new Rule((value, path) => (value === undefined ? [] : mismatches(value, shape, path)));
}

/** As the shape; a mismatch says what it would lead to. */
export function because(shape: Shape, reason: string): Rule {
  return new Rule((value, path) =>
    mismatches(value, shape, path).map((mismatch) => ({ ...mismatch, says: `${mismatch.says}, so ${reason}` })),
  );
}

/** One of several shapes. */
function oneOf(...shapes: readonly (string | number | boolean)[]): Rule {
  return new Rule((value, path) => {
    if (shapes.some((shape) => shape === value)) return [];
    const found = value === undefined ? 'missing' : JSON.stringify(value);
    return [{ path, says: `is ${found}, expected one of ${shapes.map((shape) => JSON.stringify(shape)).join(', ')}` }];
  });
}

/** An object with any keys that match, whose values have one shape. */
export function mapOf(key: RegExp, shape: (key: string) => Shape): Rule {
  return new Rule((value, path) =>
    isObject(value)
      ? Object.entries(value).flatMap(([name, item]) =>
          key.test(name)
            ? mismatches(item, shape(name), [...path, name])
            : [{ path: [...path, name], says: 'is not expected' }],
        )
      : [{ path, says: 'is no object' }],
  );
}

/** A list of these texts, each once. */
export function setOf(required: readonly string[]): Rule {
  return new Rule((value, path) => {
    if (!Array.isArray(value)) return [{ path, says: 'is no list' }];
    const items: readonly Json[] = value;
    const unknown = items.filter(
      (item, index) => !required.some((known) => known === item) || items.indexOf(item) !== index,
    );
    const missing = required.filter((item) => !items.includes(item));
    return [
      ...unknown.map((item) => ({ path, says: `holds ${JSON.stringify(item)}, which is not expected` })),
      ...missing.map((item) => ({ path, says: `lacks ${JSON.stringify(item)}` })),
    ];
  });
}

/** A text that the settings decide. It holds no expression of Terraform. */
export const text = new Rule((value, path) =>
  typeof value === 'string' && value !== '' && !/[$%]\{/.test(value)
    ? []
    : [{ path, says: `is ${JSON.stringify(value) ?? 'missing'}, expected a text without expressions` }],
);

/** A text of YAML whose content has a shape. */
export function yaml(shape: Shape): Rule {
  return new Rule((value, path) => {
    const document = parseDocument(typeof value === 'string' ? value : '', { version: '1.1' });
    if (document.errors.length > 0) return [{ path, says: 'is not YAML' }];
    const json: Json = document.toJS();
    return mismatches(json, shape, path);
  });
}

/** A number from 1 that the settings decide. */
export const count = new Rule((value, path) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0
    ? []
    : [{ path, says: `is ${JSON.stringify(value) ?? 'missing'}, expected a number from 1` }],
);

/** A choice that the settings make. */
export const flag = oneOf(true, false);
