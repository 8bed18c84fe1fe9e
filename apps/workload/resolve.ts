import { didYouMean, isRecord, says, sentencesOf } from '../../settings/sentences.ts';
import { webSchema, workerSchema, type Workload } from './schema.ts';

/** What a file of apps/services/ comes to: the workload of each environment, or what is wrong with it, a sentence each. */
export interface Resolved {
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly problems: readonly string[];
}

/** Reads what a file of apps/services/ exports, for each environment: its own values in the place of the common ones. */
export function resolveWorkloads(given: unknown, environments: readonly string[]): Resolved {
  if (!isRecord(given) || (given['kind'] !== 'web' && given['kind'] !== 'worker')) {
    const problem = 'exports no service. Write: export default webService({ ... }), or worker({ ... }).';
    return { workloads: new Map(), problems: [problem] };
  }
  const { kind, in: overrides = {}, ...common } = given;
  const schema = kind === 'web' ? webSchema : workerSchema;
  if (!isRecord(overrides)) {
    const expected = `expected an object with values by environment: ${environments.join(', ')}.`;
    return { workloads: new Map(), problems: [`in ${says(overrides)}, ${expected}`] };
  }
  const workloads = new Map<string, Workload>();
  const problems = new Set(strangers(overrides, environments));
  for (const environment of environments) {
    const own = Object.hasOwn(overrides, environment) ? overrides[environment] : {};
    if (!isRecord(own)) {
      problems.add(`in.${environment} ${says(own)}, expected an object with what is different in ${environment}.`);
      continue;
    }
    const merged = merge(common, own);
    const checked = schema.safeParse(merged);
    if (checked.success) workloads.set(environment, checked.data);
    else
      for (const problem of sentencesOf(checked.error, merged, (path) => placed(path, own, environment)))
        problems.add(problem);
  }
  return { workloads, problems: [...problems] };
}

function* strangers(overrides: object, environments: readonly string[]): Generator<string> {
  for (const name of Object.keys(overrides)) {
    if (environments.includes(name)) continue;
    const hint = didYouMean(name, environments);
    yield `in.${name} names an environment that settings.ts does not have.${hint} Use one of ${environments.join(', ')}.`;
  }
}

/** Settings with names of the owner's choice: an environment's entries join the common ones, or take their place one by one. */
const byName = ['env', 'config', 'files', 'scratch', 'labels', 'annotations'];

/** Every other value of an environment takes the place of the common one. */
function merge(
  common: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const merged: Record<string, unknown> = { ...common, ...own };
  for (const key of byName) {
    const [shared, given] = [common[key], own[key]];
    if (isRecord(shared) && isRecord(given)) merged[key] = { ...shared, ...given };
  }
  // So that an environment can do without a common value.
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

/** Where the owner has written a value: under `in`, or for all environments. */
function placed(
  path: readonly PropertyKey[],
  own: Readonly<Record<string, unknown>>,
  environment: string,
): readonly PropertyKey[] {
  const [key = '', name = ''] = path.map(String);
  const value = own[key];
  const isJoined = byName.includes(key) && path.length > 1;
  const isOwn = Object.hasOwn(own, key) && (!isJoined || (isRecord(value) && Object.hasOwn(value, name)));
  return isOwn ? ['in', environment, ...path] : path;
}
