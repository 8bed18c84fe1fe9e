import { isDeepStrictEqual } from 'node:util';
import type { IAppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject';
import { fieldChanges, fromTo } from '../../model/comparison.ts';
import { foldersOf } from '../../model/folder.ts';
import { isMadeByControllers, madeOf } from '../../model/made-kinds.ts';
import type { Field, ManifestObject } from '../../model/object.ts';
import { needsOfApplication, needsOfObject } from '../../model/permission.ts';
import { type Fault, ofChanges, refused, type Rule, warnedElsewhere } from '../../rule.ts';

const denied = 'Argo CD then refuses the whole sync, of a release and of its revert: nothing of any commit is applied.';

export const projectNarrowed: Rule = {
  id: 'project-narrowed',
  title: 'A project no longer permits what its Applications use',
  severity: refused,
  judges: 'change',
  faults: ({ changes }, comparison) =>
    changes.flatMap(({ before, after }): readonly Fault[] => {
      const [old, next] = [before?.as('argoproj.io/AppProject'), after?.as('argoproj.io/AppProject')];
      if (!old || !next) return [];
      const needs = comparison.after.applications.flatMap((application) => {
        if (comparison.after.projectOf(application)?.object.path !== next.object.path) return [];
        if (application.at('spec', 'project').text !== next.object.name) return [];
        return [
          ...needsOfApplication(application),
          ...foldersOf(application)
            .flatMap((path) => comparison.after.folder(path)?.objects ?? [])
            .flatMap((object) => needsOfObject(application, object)),
        ];
      });
      const lost = needs.find((need) => need.isPermitted(old) && !need.isPermitted(next));
      if (lost === undefined) return [];
      return [
        {
          at: next.at('spec').loose(lost.list),
          what: `no longer permits ${lost.name}, which its Applications use`,
          why: denied,
          fix: `Keep it in ${lost.list} until nothing uses it.`,
        },
      ];
    }),
};

export const projectRefuses: Rule = {
  id: 'project-refuses',
  title: 'The project does not permit an object',
  severity: refused,
  judges: 'state',
  faults: ({ folder, world }) =>
    world.applicationsOf(folder.path).flatMap((application) => {
      const project = world.projectOf(application);
      if (project === undefined) return [];
      return folder.objects.flatMap((object) => {
        const lacking = needsOfObject(application, object).find((need) => !need.isPermitted(project));
        if (lacking === undefined) return [];
        const isNamespace = lacking.list === 'destinations';
        return [
          {
            at: object.field(...(isNamespace ? ['metadata', 'namespace'] : ['kind'])),
            key: lacking.name,
            what: `is ${isNamespace ? 'in' : 'of'} ${lacking.name}, which ${project.object.title} does not permit`,
            why: denied,
            fix: `Add it to ${lacking.list} of the project in an earlier commit.`,
          },
        ];
      });
    }),
};

const lists = [
  'sourceRepos',
  'sourceNamespaces',
  'destinations',
  'clusterResourceWhitelist',
  'namespaceResourceWhitelist',
] as const;
const denials = ['clusterResourceBlacklist', 'namespaceResourceBlacklist'] as const;

export const projectWidened: Rule = {
  id: 'project-widened',
  title: 'A project permits more than its service needs',
  severity: warnedElsewhere,
  judges: 'change',
  faults: ofChanges(({ before, after }) => {
    const project = after?.as('argoproj.io/AppProject');
    if (!project) return null;
    const old = before?.as('argoproj.io/AppProject');
    const entriesBefore = (list: (typeof lists | typeof denials)[number]): readonly Field<unknown>[] =>
      old?.at('spec', list).items() ?? [];
    const wide = lists.flatMap((list) => {
      const known = entriesBefore(list);
      return project
        .at('spec', list)
        .items()
        .filter((entry) => isWide(list, entry) && !known.some((one) => isDeepStrictEqual(one.value, entry.value)))
        .slice(0, 1)
        .map((entry): Fault => widened(entry, `lets its Applications have ${JSON.stringify(entry.value)} in ${list}`));
    });
    const unmade = permittedInVain(project, entriesBefore('namespaceResourceWhitelist'));
    const gone = denials.flatMap((list) => {
      const kept = project.at('spec', list).items();
      const lost = entriesBefore(list).find((entry) => !kept.some((one) => isDeepStrictEqual(one.value, entry.value)));
      return lost === undefined
        ? []
        : [widened(project.at('spec', list), `no longer denies ${JSON.stringify(lost.value)} in ${list}`)];
    });
    return [...wide, ...unmade, ...gone];
  }),
};

/** Kinds that only controllers make, and that none of the permitted kinds makes: nobody sees one of those. */
function permittedInVain(project: Field<IAppProject>, known: readonly Field<unknown>[]): readonly Fault[] {
  const entries = project.at('spec', 'namespaceResourceWhitelist').items();
  const shown = madeOf(entries.map(kindIn).filter((one) => !isMadeByControllers(one)));
  return entries
    .filter((entry) => isMadeByControllers(kindIn(entry)) && !shown.has(kindIn(entry)))
    .filter((entry) => !known.some((one) => isDeepStrictEqual(one.value, entry.value)))
    .map((entry) => ({
      at: entry,
      what: `permits ${String(entry.at('kind').value)} in namespaceResourceWhitelist, which Argo CD shows below none of the kinds that it permits`,
      why: 'Git has none to bring, and one that it brings is part of no release.',
      fix: 'Take it out.',
    }));
}

function kindIn(entry: Field<unknown>): string {
  return `${entry.loose('group').text ?? ''}/${entry.loose('kind').text ?? ''}`;
}

function widened(at: Field<unknown>, what: string): Fault {
  return {
    at,
    what,
    why: "One bad merge then reaches what is not this service's.",
    fix: 'Name exactly what the service needs.',
  };
}

/** A pattern, or a kind of the whole cluster without names: any Namespace is kube-system, too. */
function isWide(list: string, entry: Field<unknown>): boolean {
  const texts =
    entry.text === undefined
      ? ['group', 'kind', 'name', 'namespace', 'server'].map((key) => entry.loose(key).text)
      : [entry.text];
  const isAny = texts.some((value) => value !== undefined && !value.startsWith('!') && isPattern(value));
  return isAny || (list === 'clusterResourceWhitelist' && !entry.loose('name').isSet);
}

function isPattern(text: string): boolean {
  return /[*?[{]/.test(text);
}

/** Fields of which other rules say more, and those that cost nothing: notes, and who may look. */
const harmless =
  /^(?:description|roles|orphanedResources|sourceRepos|sourceNamespaces|destinations|(?:cluster|namespace)Resource(?:White|Black)list)(?:\.|$)/;

const costs: Readonly<Record<string, string>> = {
  syncWindows:
    'In such a window Argo CD syncs nothing by itself: a revert waits as well, for as long as the window lasts.',
  signatureKeys: 'A commit that is not signed by one of these keys is refused, also that of a revert.',
  sourceIntegrity: 'A commit that is not signed as wanted is refused, also that of a revert.',
  permitOnlyProjectScopedClusters: 'Syncs to every other cluster are refused.',
  destinationServiceAccounts: 'Syncs are made as another account, which may lack rights.',
};

export const projectChanged: Rule = {
  id: 'project-changed',
  title: 'A field of a project changes that is not known to be harmless',
  severity: refused,
  judges: 'change',
  faults: ofChanges(({ before, after }) => {
    const project = after?.as('argoproj.io/AppProject');
    if (!project || (before !== null && !before.is('argoproj.io/AppProject'))) return null;
    if (before === null)
      return project
        .at('spec', 'syncWindows')
        .items()
        .slice(0, 1)
        .map((at) => changed(at, 'has sync windows', 'syncWindows'));
    return fieldChanges(before, project.object, ['spec'])
      .filter(
        ({ name, after: next }) => !harmless.test(name) && !(Array.isArray(next.value) && next.value.length === 0),
      )
      .filter(({ name, before: old, after: next }) => !isOnlyRemoved(name, old, next))
      .filter(({ name }) => name !== 'destinationServiceAccounts' || !isOnlyForNewNamespaces(before, project))
      .map(({ name, before: old, after: next }) =>
        changed(next, `changes its ${name} ${fromTo(old.value, next.value)}`, name),
      );
  }),
};

function changed(at: Field<unknown>, what: string, name: string): Fault {
  const why =
    costs[name.split('.')[0] ?? ''] ??
    'It decides what may be synced and when, and this change is not known to be harmless.';
  return { at, what, why, fix: 'Keep the field. To hold a release back, do not merge it.' };
}

/** Accounts for namespaces that the project did not know: what was synced before is synced by the same accounts. */
function isOnlyForNewNamespaces(before: ManifestObject, project: Field<IAppProject>): boolean {
  const accounts = project.at('spec', 'destinationServiceAccounts').items();
  const old = before.as('argoproj.io/AppProject');
  const known = old?.at('spec', 'destinationServiceAccounts').items() ?? [];
  const destinations = old?.at('spec', 'destinations').items() ?? [];
  const isKept = (entry: Field<unknown>): boolean => known.some((one) => isDeepStrictEqual(one.value, entry.value));
  const isNew = (namespace: string): boolean =>
    !isPattern(namespace) &&
    !destinations.map((one) => one.loose('namespace').text ?? '*').some((one) => isPattern(one) || one === namespace);
  // Argo CD takes the first entry that matches, so the order of those before counts.
  return (
    isDeepStrictEqual(values(accounts.filter(isKept)), values(known)) &&
    accounts.every((entry) => isKept(entry) || isNew(entry.loose('namespace').text ?? '*'))
  );
}

function values(fields: readonly Field<unknown>[]): readonly unknown[] {
  return fields.map(({ value }) => value);
}

/** Without a window that denies, or without keys, more is synced than before. */
function isOnlyRemoved(name: string, before: Field<never>, after: Field<never>): boolean {
  if (name !== 'syncWindows' && name !== 'signatureKeys') return false;
  if (!after.isSet) return true;
  return (
    name === 'syncWindows' &&
    after.each().every((window) => before.each().some((old) => isDeepStrictEqual(old.value, window.value))) &&
    // Of windows that allow, the last one that goes opens the rest; one of several that goes closes its hours.
    !before.each().some((window) => window.loose('kind').value === 'allow')
  );
}
