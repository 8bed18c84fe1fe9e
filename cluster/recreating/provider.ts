import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecreatingField } from '../recreation.ts';
import { type Code, code, entries, functionIn, inside, list, returned, trimmed, variableIn } from './go.ts';

/** Source that is not built as this expects. */
export class UnreadableSource extends Error {
  override readonly name = 'UnreadableSource';
}

/** An expression, where it stands, and what the names in it were called with. */
interface Place {
  readonly code: Code;
  /** The package's folder. */
  readonly folder: string;
  readonly given: ReadonlyMap<string, Place>;
}

const none: ReadonlyMap<string, Place> = new Map();

/** Reads from the source of the Google provider which fields of a resource can't be changed in place. */
export async function googleFields(source: string, type: string): Promise<RecreatingField[]> {
  const registered = code(await readFile(join(source, 'google/provider/provider_mmv1_resources.go'), 'utf8'));
  const lines = registered.text.split('\n').filter((line) => line.includes(`"${type}":`));
  const [, expression] = /:\s*(.*\bResource\w*\(.*\)),$/.exec(lines.at(-1) ?? '') ?? [];
  if (expression === undefined)
    throw new UnreadableSource(`${type} is not registered in google/provider of ${source}.`);
  const folder = join(source, 'google/provider');
  const resource = await resolve({ code: code(expression), folder, given: none }, source);
  const schema = entries(resource.code).get('Schema');
  if (schema === undefined) throw new UnreadableSource(`${type} has no schema in ${source}.`);
  const fields = await fieldsOf({ ...resource, code: schema }, source, '');
  const customized = await customizedFields({
    ...resource,
    code: entries(resource.code).get('CustomizeDiff') ?? code(''),
  });
  const known = new Set(fields.map(({ path }) => path));
  return [...fields, ...customized.filter(({ path }) => !known.has(path))].toSorted((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

/** The literal that an expression leads to, through variables, parameters and functions. */
async function resolve(place: Place, source: string): Promise<Place> {
  const expression = trimmed(place.code);
  const [found, name = ''] = /^(?:(\w+\.)?\w+)(?=\(|$)/.exec(expression.mask) ?? [];
  if (found === undefined) return { ...place, code: expression };
  const given = place.given.get(found);
  if (given !== undefined) return resolve(given, source);
  const folder = name === '' ? place.folder : packageFolder(source, name.slice(0, -1));
  const own = found.slice(name.length);
  if (own === 'MergeSchemas') return { ...place, code: expression };
  const variable = await variableIn(folder, own);
  if (variable !== undefined) return resolve({ code: variable, folder, given: none }, source);
  const called = await functionIn(folder, own);
  if (called === undefined) throw new UnreadableSource(`${found} is neither a variable nor a function in ${folder}.`);
  const args = list(inside(expression, '(') ?? code(''));
  const bound = called.parameters.flatMap((parameter, index) => {
    const arg = args[index];
    return arg === undefined ? [] : ([[parameter, { ...place, code: arg }]] as const);
  });
  return resolve({ code: returned(called), folder, given: new Map(bound) }, source);
}

/** What several services use begins with `tpg`. */
function packageFolder(source: string, name: string): string {
  return name.startsWith('tpg') ? join(source, 'google', name) : join(source, 'google/services', name);
}

/** The fields of a schema, which is a map by name or several maps merged. */
async function fieldsOf(place: Place, source: string, under: string): Promise<RecreatingField[]> {
  const schema = await resolve(place, source);
  if (/^(?:\w+\.)?MergeSchemas\(/.test(schema.code.mask)) {
    const parts = list(inside(schema.code, '(') ?? code(''));
    const all = await Promise.all(parts.map((part) => fieldsOf({ ...schema, code: part }, source, under)));
    return all.flat();
  }
  const found: RecreatingField[] = [];
  for (const [name, value] of entries(schema.code)) {
    found.push(...(await fieldOf({ ...schema, code: value }, source, under === '' ? name : `${under}.${name}`)));
  }
  return found;
}

async function fieldOf(place: Place, source: string, path: string): Promise<RecreatingField[]> {
  const field = await resolve(place, source);
  const given = entries(field.code);
  const says = (key: string) => given.get(key)?.text === 'true';
  // What the provider alone fills in can't be written, and so can't be changed.
  if (!says('Optional') && !says('Required')) return [];
  const element = given.get('Elem');
  const block = element === undefined ? undefined : await resolve({ ...field, code: element }, source);
  const inner = block === undefined ? undefined : entries(block.code).get('Schema');
  const isBlock = block !== undefined && inner !== undefined;
  const own: RecreatingField[] = says('ForceNew') ? [isBlock ? { path, only: 'added or removed' } : { path }] : [];
  return isBlock ? [...own, ...(await fieldsOf({ ...block, code: inner }, source, path))] : own;
}

/** A path as the provider's code writes it, without the index of a block. */
function plain(path: string): string {
  return path.replaceAll(/\.0(?=\.|$)/g, '');
}

/** Fields that code decides on, when a plan is made. Where it looks at the values, so does the field's `only`. */
async function customizedFields(place: Place): Promise<RecreatingField[]> {
  const found: RecreatingField[] = [];
  for (const [, path = '', decides = ''] of place.code.text.matchAll(/ForceNewIf\w*\("([^"]+)", (\w+)\)/g)) {
    const body = (await functionIn(place.folder, decides))?.body.text ?? '';
    found.push({ path: plain(path), ...onlyWhen(body) });
  }
  for (const [name] of place.code.mask.matchAll(/(?<![\w.])[a-zA-Z]\w+(?=[,\n])/g)) {
    const called = await functionIn(place.folder, name);
    for (const [, path = ''] of called?.body.text.matchAll(/\.ForceNew\("([^"]+)"\)/g) ?? []) {
      found.push({ path: plain(path) });
    }
  }
  return found;
}

/** What a function of the provider looks at; nothing where we don't know it, and then every change counts. */
function onlyWhen(body: string): Pick<RecreatingField, 'only'> {
  if (body.includes('old.(bool) && !new.(bool)')) return { only: 'turned off' };
  return body.includes('newCidr.Contains(oldStart)') ? { only: 'narrowed' } : {};
}

/** The same of the Helm provider's release, whose source says RequiresReplace. */
export async function helmFields(source: string): Promise<RecreatingField[]> {
  const file = await readFile(join(source, 'helm/resource_helm_release.go'), 'utf8');
  const [, schema] = file.split('resp.Schema = ');
  const attributes = entries(code(schema ?? '')).get('Attributes');
  if (attributes === undefined) throw new UnreadableSource(`${source} has no schema of a release.`);
  return [...entries(attributes)]
    .filter(([, value]) => /\.RequiresReplace\(\)/.test(entries(value).get('PlanModifiers')?.mask ?? ''))
    .map(([path]) => ({ path }));
}
