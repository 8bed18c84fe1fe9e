import path from 'node:path';
import { API, type Checker, type Type, TypeFlags } from 'typescript/unstable/sync';

/** A JSON schema, as far as a type needs one. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

/** The JSON schema (draft 2020-12) of a type that a module exports, with the doc comments as descriptions. */
export function schemaOf(config: string, file: string, name: string): Schema {
  const api = new API({ cwd: path.dirname(config) });
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    const source = project?.program.getSourceFile(file);
    const module = source === undefined ? undefined : project?.checker.getSymbolAtLocation(source);
    const symbol = module?.getExports().get(name as never);
    if (project === undefined || symbol === undefined) throw new Error(`${file} exports no ${name}.`);
    return made(project.checker, project.checker.getDeclaredTypeOfSymbol(symbol));
  } finally {
    api.close();
  }
}

function made(checker: Checker, type: Type): Schema {
  if (type.isUnionType()) return united(checker, type.getTypes());
  if (type.isLiteralType()) return { const: type.value };
  const simple = simpleTypes.find(([flag]) => (type.flags & flag) !== 0);
  if (simple !== undefined) return { type: simple[1] };
  if (type.isTypeReference() && checker.isTupleType(type)) {
    const items = checker.getTypeArguments(type).map((each) => made(checker, each));
    return { type: 'array', prefixItems: items, items: false, minItems: items.length };
  }
  if (type.isTypeReference() && checker.isArrayType(type)) {
    const [items] = checker.getTypeArguments(type);
    if (items !== undefined) return { type: 'array', items: made(checker, items) };
  }
  const [index] = checker.getIndexInfosOfType(type);
  if (index !== undefined) return { type: 'object', additionalProperties: made(checker, index.valueType) };
  if (type.isObjectType() || type.isIntersectionType()) return object(checker, type);
  throw new Error(`There is no schema for ${checker.typeToString(type)}.`);
}

const simpleTypes = [
  [TypeFlags.String, 'string'],
  [TypeFlags.Number, 'number'],
  [TypeFlags.Boolean, 'boolean'],
  [TypeFlags.Null, 'null'],
] as const;

function object(checker: Checker, type: Type): Schema {
  const symbols = checker.getPropertiesOfType(type);
  const properties = symbols.map((symbol) => {
    const ofProperty = checker.getTypeOfSymbol(symbol);
    if (ofProperty === undefined) throw new Error(`${symbol.name} has no type.`);
    const description = checker.getDocumentationCommentOfSymbol(symbol).trim().replaceAll(/\s+/g, ' ');
    const types = ofProperty.isUnionType() ? ofProperty.getTypes() : [ofProperty];
    const defined = types.filter(({ flags }) => (flags & TypeFlags.Undefined) === 0);
    const schema = { ...(description === '' ? {} : { description }), ...united(checker, defined) };
    return { name: symbol.name, schema, isRequired: defined.length === types.length };
  });
  return {
    type: 'object',
    properties: Object.fromEntries(properties.map(({ name, schema }) => [name, schema])),
    required: properties.filter(({ isRequired }) => isRequired).map(({ name }) => name),
  };
}

function united(checker: Checker, types: readonly Type[]): Schema {
  const [only] = types;
  if (types.length === 1 && only !== undefined) return made(checker, only);
  const schemas = types.map((each) => made(checker, each));
  const values = schemas.flatMap((schema) => ('const' in schema ? [schema['const']] : []));
  // A boolean is the union of its two values.
  const isBoolean = values.includes(true) && values.includes(false);
  const others = schemas.filter((schema) => !('const' in schema));
  const literals = values.filter((value) => !(isBoolean && typeof value === 'boolean'));
  // The compiler orders the members of a union by when it met them, which changes with any other file.
  const all = [
    ...(literals.length === 0 ? [] : [{ enum: literals.toSorted(byText) }]),
    ...(isBoolean ? [{ type: 'boolean' }] : []),
    ...others.toSorted(byText),
  ];
  return all.length === 1 && all[0] !== undefined ? all[0] : { anyOf: all };
}

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one).localeCompare(JSON.stringify(other), 'en');
}
