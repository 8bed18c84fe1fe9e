import { isDeepStrictEqual } from 'node:util';
import { type GroupKind, isIn, isMadeByControllers, shownBelow } from '../../../rollout/kubernetes/made-kinds.ts';
import { field, listField } from '../field.ts';
import { isProject } from '../kinds.ts';
import type { Keys } from '../offset.ts';
import type { ObjectRule } from '../rule.ts';

const kinds = 'namespaceResourceWhitelist';
const lists = ['sourceRepos', 'sourceNamespaces', 'destinations', 'clusterResourceWhitelist', kinds];
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
  const index = unmade(listField(after.document, 'spec', kinds), listField(old, 'spec', kinds));
  if (index !== -1) {
    const { kind } = groupKind(listField(after.document, 'spec', kinds)[index]);
    return {
      says: `permits ${kind} in ${kinds}, which Argo CD shows below none of the kinds that it permits. Git has none to bring, and one that it brings is part of no release: take it out`,
      at: ['spec', kinds, index],
    };
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

/** The first new kind that only controllers make, and that none of the permitted kinds makes: nobody sees one of those. */
function unmade(entries: readonly unknown[], known: readonly unknown[]): number {
  const permitted = entries.map(groupKind);
  const written = permitted.filter((one) => !isMadeByControllers(one));
  const shown = shownBelow(written);
  return entries.findIndex((entry, index) => {
    const one = permitted[index];
    const isKnown = known.some((old) => isDeepStrictEqual(old, entry));
    return one !== undefined && !isKnown && isMadeByControllers(one) && !isIn(shown, one);
  });
}

function groupKind(entry: unknown): GroupKind {
  return { group: String(field(entry, 'group') ?? ''), kind: String(field(entry, 'kind') ?? '') };
}
