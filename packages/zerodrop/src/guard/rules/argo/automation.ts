import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { Profile } from '../../finding.ts';
import { type Field, isRecord } from '../../model/object.ts';
import { ownSyncOptions, syncOptionsAnnotation, syncOptionsOf } from '../../model/sync.ts';
import { type Fault, formerly, losslessOnly, ofChanges, refused, type Rule, warnedElsewhere } from '../../rule.ts';

const skipReconcile = 'argocd.argoproj.io/skip-reconcile';
/** What Go's strconv.ParseBool takes for true, as Argo CD reads the annotation. */
const truths = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

export const automationOff: Rule = {
  id: 'automation-off',
  title: 'Argo CD does not follow git by itself',
  severity: refused,
  sparesNew: ['any'],
  judges: 'state',
  faults: ({ folder, profile }) =>
    folder
      .all('argoproj.io/Application')
      .flatMap((application) => off(application) ?? notSaid(application, profile) ?? []),
};

function off(application: Field<IApplication>): Fault | null {
  const skip = application.object.field('metadata', 'annotations', skipReconcile);
  if (truths.has(String(skip.value))) {
    return {
      at: skip,
      what: `is not reconciled at all (${skipReconcile})`,
      why: 'A merge rolls nothing out and a revert rolls nothing back.',
      fix: 'Take the annotation away.',
      instead: formerly,
    };
  }
  const automated = application.at('spec', 'syncPolicy', 'automated');
  if (!isRecord(automated.value) || automated.value['enabled'] === false) {
    return {
      at: isRecord(automated.value) ? automated.loose('enabled') : automated,
      what: 'is not synced by itself',
      why: 'A merge rolls nothing out and a revert rolls nothing back.',
      fix: 'Give it automated with prune and selfHeal, and do not set enabled to false.',
      instead: true,
    };
  }
  if (automated.at('prune').value !== true) {
    return {
      at: automated.at('prune'),
      what: 'does not prune',
      why: 'What leaves git goes on running, unseen, and takes its share of the requests.',
      fix: 'Set prune to true.',
      instead: true,
    };
  }
  if (automated.at('selfHeal').value !== true) {
    return {
      at: automated.at('selfHeal'),
      what: 'does not heal itself',
      why: 'A change by hand in the cluster stands until the next merge, and then goes without a warning.',
      fix: 'Set selfHeal to true.',
      instead: true,
    };
  }
  return null;
}

/** Rollback in the UI of Argo CD sets `enabled` to false, and nothing sets it back where git has no such field. */
function notSaid(application: Field<IApplication>, profile: Profile): Fault | null {
  const at = application.at('spec', 'syncPolicy', 'automated').loose('enabled');
  if (profile === 'any' || at.value === true) return null;
  return {
    at,
    what: 'does not say that auto-sync is enabled',
    why: 'Rollback in the UI of Argo CD switches auto-sync off, and nothing switches it on again, because git has no such field.',
    fix: 'Set enabled to true.',
    instead: true,
  };
}

export const allowEmpty: Rule = {
  id: 'allow-empty',
  title: 'An Application may delete everything',
  severity: refused,
  sparesNew: ['any'],
  judges: 'state',
  faults: ({ folder }) =>
    folder.all('argoproj.io/Application').flatMap((application) => {
      const at = application.at('spec', 'syncPolicy', 'automated').at('allowEmpty');
      if (at.value !== true) return [];
      return [
        {
          at,
          what: 'allows an empty folder',
          why: 'A commit that loses its files, by a bad merge or a failed render, deletes everything that runs.',
          fix: 'Set allowEmpty to false.',
          instead: false,
        },
      ];
    }),
};

export const retryWithoutRefresh: Rule = {
  id: 'retry-without-refresh',
  title: 'A failed sync is tried again without a look at git',
  severity: losslessOnly,
  judges: 'change',
  faults: ofChanges(({ before, after }): Fault | null => {
    const retry = after?.as('argoproj.io/Application')?.at('spec', 'syncPolicy', 'retry');
    if (retry === undefined) return null;
    const old = before?.field('spec', 'syncPolicy', 'retry') ?? null;
    // Argo CD tries 5 times where nothing is said, without a look at git.
    const isDropped = old !== null && old.isSet && !retry.isSet;
    if (!isDropped && (!stays(retry) || (old !== null && stays(old)))) return null;
    return {
      at: retry.isSet ? retry.loose('refresh') : retry,
      what: 'retries a failed sync without a look at git',
      why: 'It stays on the bad commit, for good, while its revert waits.',
      fix: 'Set retry.refresh to true.',
      instead: true,
    };
  }),
};

function stays({ value: retry }: Field<unknown>): boolean {
  return isRecord(retry) && retry['refresh'] !== true && retry['limit'] !== 0;
}

/** Fields that others may own without that a release or a revert is lost. */
const harmlessPointers =
  /^\/(?:spec\/replicas|status(?:\/|$)|metadata\/(?:annotations|labels|managedFields|generation|resourceVersion|finalizers)(?:\/|$)|webhooks\/)/;

export const differencesIgnored: Rule = {
  id: 'differences-ignored',
  title: 'Argo CD ignores what a release changes',
  severity: refused,
  judges: 'state',
  faults: ({ folder }) =>
    folder.all('argoproj.io/Application').flatMap((application) => {
      const respects = syncOptionsOf(application).includes('RespectIgnoreDifferences=true');
      return application
        .at('spec', 'ignoreDifferences')
        .items()
        .flatMap((entry): readonly Fault[] => {
          const kind = entry.at('kind').text ?? 'object';
          const pointers = entry
            .at('jsonPointers')
            .items()
            .filter(({ value }) => !harmlessPointers.test(String(value)));
          const expressions = entry
            .at('jqPathExpressions')
            .items()
            .filter(({ value }) => !harmlessPointers.test(String(value).replaceAll('.', '/')));
          const managers = entry
            .at('managedFieldsManagers')
            .items()
            .filter(({ value }) => /argocd|argo-cd|kubectl|helm/.test(String(value)));
          const isConfiguration = /Webhook|CustomResourceDefinition|APIService|Secret/.test(kind);
          const ignored = [
            ...[...pointers, ...expressions].map((at) => ({ at, part: String(at.value) })),
            ...managers.map((at) => ({ at, part: `what ${String(at.value)} manages` })),
          ];
          return ignored.map(({ at, part }) => ({
            at,
            key: `${kind} ${part}`,
            what: `ignores ${part} of each ${kind}`,
            why: respects
              ? 'A sync leaves the field as it is: releases and reverts change nothing, Synced and Healthy.'
              : 'A commit that changes only this is no difference, so nothing is synced: neither a release nor its revert.',
            fix: 'Ignore only what somebody else owns, such as /spec/replicas of an autoscaled Deployment.',
            ...(isConfiguration ? { severity: 'warn' as const } : {}),
          }));
        });
    }),
};

export const replaceOrForce: Rule = {
  id: 'replace-or-force',
  title: 'An object is deleted and made again',
  severity: warnedElsewhere,
  judges: 'state',
  faults: ({ folder }) => [
    ...folder.objects.flatMap((object) => {
      const at = object.field('metadata', 'annotations', syncOptionsAnnotation);
      return remakes(ownSyncOptions(object), 'asks to be synced', at);
    }),
    ...folder.all('argoproj.io/Application').flatMap((application) => {
      const options = application.at('spec', 'syncPolicy', 'syncOptions').items();
      const at = options.find(({ value }) => remaking.has(String(value)));
      return at === undefined
        ? []
        : remakes(
            options.map(({ value }) => String(value)),
            'syncs',
            at,
          );
    }),
  ],
};

/** What the options do, by Argo CD's own code (gitops-engine, sync_context.go): kubectl's `replace` or `apply`, with or without `--force`. */
const remaking: ReadonlyMap<string, string> = new Map([
  [
    'Replace=true',
    'Argo CD puts the manifest in place of the whole object: what others have set, such as the replicas of an autoscaler, goes back to its default.',
  ],
  ['Force=true', "What can't be changed is deleted and made again, and every request in between is lost."],
]);

function remakes(options: readonly string[], does: string, at: Field<unknown>): readonly Fault[] {
  const [option, other] = [...remaking.keys()].filter((known) => options.includes(known));
  if (option === undefined) return [];
  if (other === undefined) {
    return [{ at, what: `${does} with ${option}`, why: remaking.get(option) ?? '', fix: 'Take the option away.' }];
  }
  return [
    {
      at,
      what: `${does} with ${option} and ${other}`,
      why: 'Argo CD deletes what a sync changes and makes it again, and every request in between is lost.',
      fix: 'Take the options away.',
    },
  ];
}
