import { isDeepStrictEqual } from 'node:util';
import { field, listField } from '../field.ts';
import { isProject } from '../kinds.ts';
import type { Keys } from '../offset.ts';
import type { ObjectRule } from '../rule.ts';

const lists = [
  'sourceRepos',
  'sourceNamespaces',
  'destinations',
  'clusterResourceWhitelist',
  'namespaceResourceWhitelist',
];
const denials = ['clusterResourceBlacklist', 'namespaceResourceBlacklist'];

/** The project is what a bad merge can't get past: a repository, namespaces and kinds by their names. */
export const projectWidened: ObjectRule = ({ before, after }) => {
  if (!isProject(after)) return null;
  const old = isProject(before) ? before.document : null;
  for (const list of lists) {
    const known = listField(old, 'spec', list);
    const entries = listField(after.document, 'spec', list);
    const index = entries.findIndex(
      (entry) => isWide(list, entry) && !known.some((one) => isDeepStrictEqual(one, entry)),
    );
    if (index !== -1)
      return wide(`lets its applications have ${JSON.stringify(entries[index])} in ${list}`, ['spec', list, index]);
  }
  for (const list of denials) {
    const kept = listField(after.document, 'spec', list);
    const lost = listField(old, 'spec', list).find((entry) => !kept.some((one) => isDeepStrictEqual(one, entry)));
    if (lost !== undefined) return wide(`no longer denies ${JSON.stringify(lost)} in ${list}`, ['spec', list]);
  }
  return null;
};

function wide(what: string, at: Keys): { readonly says: string; readonly at: Keys } {
  return { says: `${what}. One bad merge then reaches what is not this service's: name exactly what it needs`, at };
}

/** A pattern, or a kind of the whole cluster without names: any Namespace is kube-system, too. */
function isWide(list: string, entry: unknown): boolean {
  const values =
    typeof entry === 'string'
      ? [entry]
      : ['group', 'kind', 'name', 'namespace', 'server'].map((key) => field(entry, key));
  const isPattern = values.some((value) => typeof value === 'string' && !value.startsWith('!') && /[*?[{]/.test(value));
  return isPattern || (list === 'clusterResourceWhitelist' && field(entry, 'name') === undefined);
}
