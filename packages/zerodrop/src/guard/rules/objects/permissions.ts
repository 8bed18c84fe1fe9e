import { isDeepStrictEqual } from 'node:util';
import type { Change, FolderComparison } from '../../model/comparison.ts';
import { isRecord, type ManifestObject } from '../../model/object.ts';
import type { Workload } from '../../model/workload.ts';
import { type Fault, whole } from '../../rule.ts';

const why = 'Pods that run lose it at once, and what they ask of the API is forbidden from then on.';
const fix = 'Keep it until no pod asks for it any more.';

/** What pods are permitted before a change and not after it, by the roles and bindings of their folder. */
export function lostPermissions(folder: FolderComparison): readonly Fault[] {
  return folder.changes.flatMap((change) => [...ofBinding(change, folder), ...ofRole(change, folder)]);
}

function ofBinding({ before, after }: Change, folder: FolderComparison): readonly Fault[] {
  if (before === null || !isBinding(before)) return [];
  const role = before.field('roleRef').value;
  const isKept = (account: string): boolean =>
    folder.after.objects.some(
      (other) =>
        isBinding(other) && isDeepStrictEqual(other.field('roleRef').value, role) && accountsOf(other).has(account),
    );
  const [lost] = [...accountsOf(before)].flatMap((account) => {
    const user = isKept(account) ? undefined : userOf(account, folder);
    return user === undefined ? [] : [{ account, user }];
  });
  if (lost === undefined) return [];
  return [
    {
      at: after === null ? whole(before) : after.field('subjects'),
      severity: 'warn',
      what: `no longer gives its role to the ServiceAccount ${lost.account}, as which ${lost.user.object.title} runs`,
      why,
      fix,
    },
  ];
}

function ofRole({ before, after }: Change, folder: FolderComparison): readonly Fault[] {
  if (before === null || after === null || !/^rbac\.authorization\.k8s\.io\/(?:Cluster)?Role$/.test(after.type))
    return [];
  const [old, next] = [before, after].map((object) =>
    object
      .field('rules')
      .each()
      .map(({ value }) => value),
  );
  const lost = (old ?? []).find((rule) => !(next ?? []).some((other) => covers(other, rule)));
  if (lost === undefined) return [];
  const user = folder.after.objects
    .filter(
      (one) =>
        isBinding(one) &&
        one.field('roleRef', 'kind').text === after.kind &&
        one.field('roleRef', 'name').text === after.name,
    )
    .flatMap((one) => [...accountsOf(one)])
    .flatMap((account) => userOf(account, folder) ?? [])[0];
  if (user === undefined) return [];
  const what = `permits less than before, and ${user.object.title} runs with it`;
  return [{ at: after.field('rules'), severity: 'warn', what, why, fix }];
}

function isBinding({ type }: ManifestObject): boolean {
  return /^rbac\.authorization\.k8s\.io\/(?:Cluster)?RoleBinding$/.test(type);
}

/** The ServiceAccounts of a binding, such as `shop/web`. */
function accountsOf(binding: ManifestObject): ReadonlySet<string> {
  return new Set(
    binding
      .field('subjects')
      .each()
      .filter((subject) => subject.loose('kind').text === 'ServiceAccount')
      .map(
        (subject) =>
          `${subject.loose('namespace').text ?? binding.namespace ?? ''}/${subject.loose('name').text ?? ''}`,
      ),
  );
}

/** A workload that runs as an account, before a change and after it. */
function userOf(account: string, { before, after }: FolderComparison): Workload | undefined {
  return after.workloads.find(
    (workload) => accountOf(workload) === account && before.counterpart(workload) !== undefined,
  );
}

function accountOf({ object, pod }: Workload): string {
  const name = pod.at('serviceAccountName').text ?? pod.at('serviceAccount').text ?? 'default';
  return `${object.namespace ?? ''}/${name}`;
}

/** True where one rule of a role permits all that another one does. */
function covers(wide: unknown, narrow: unknown): boolean {
  if (!isRecord(wide) || !isRecord(narrow)) return false;
  const has = (key: string): boolean => {
    const [more, less] = [wide[key], narrow[key]].map((list): readonly unknown[] => (Array.isArray(list) ? list : []));
    if (key === 'resourceNames' && (more ?? []).length === 0) return true;
    if (key === 'resourceNames' && (less ?? []).length === 0) return false;
    return (more ?? []).includes('*') || (less ?? []).every((item) => (more ?? []).includes(item));
  };
  return ['apiGroups', 'resources', 'verbs', 'resourceNames', 'nonResourceURLs'].every(has);
}
