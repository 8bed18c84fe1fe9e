import { edit } from '../edit.ts';
import { type Files, isArgo, keepObjects, type Manifest } from '../manifest.ts';
import type { Play } from '../play.ts';

const by = 'Argo CD';
const emptied = (files: Files): Files => keepObjects(files, isArgo);
const withoutPods = (files: Files): Files => keepObjects(files, ({ kind }) => kind !== 'Deployment');

/** More than a client-side apply can write down in an annotation: 262144 bytes. */
const largeMap: Manifest = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'large', namespace: 'shop' },
  data: { text: 'x'.repeat(300_000) },
};
const withLargeMap = (files: Files): Files => new Map([...files, ['manifests/production/large.yaml', [largeMap]]]);

/** What `.argocd-source.yaml` says goes before what the Application says. */
const withSource = (files: Files): Files =>
  new Map([...files, ['manifests/production/.argocd-source.yaml', 'directory: {exclude: web.yaml}\n']]);

/** Rules about what Argo CD does. */
export const followedPlays: readonly Play[] = [
  { rule: 'allow-empty', by, expect: 'gone', acts: ['empty folder'], limitSeconds: 25 },
  { rule: 'application-moved', by, expect: 'gone', next: withoutPods, limitSeconds: 25 },
  { rule: 'application-changed', by, expect: 'refused', acts: ['release'], all: withLargeMap, limitSeconds: 25 },
  { rule: 'application-removed', by, expect: 'waits', acts: ['release'], limitSeconds: 25 },
  { rule: 'automation-off', by, expect: 'version', acts: ['set by hand'], limitSeconds: 25, tailSeconds: 20 },
  { rule: 'differences-ignored', by, expect: 'version', acts: ['release'], limitSeconds: 25 },
  { rule: 'finalizer-added', by, expect: 'gone', acts: ['delete application'], limitSeconds: 25 },
  { rule: 'folder-emptied', by, expect: 'waits', bad: emptied, limitSeconds: 25 },
  { rule: 'data-lost', by, expect: 'gone' },
  { rule: 'duplicate', by, expect: 'refused', limitSeconds: 20 },
  { rule: 'folder-misread', as: '`.argocd-source.yaml`', by, expect: 'gone', bad: withSource, limitSeconds: 25 },
  { rule: 'yaml-broken', by, expect: 'waits', acts: ['release'], limitSeconds: 25 },
  { rule: 'yaml-misread', by, expect: 'waits', limitSeconds: 25 },
  { rule: 'kind-missing', by, expect: 'lost', limitSeconds: 25 },
  { rule: 'hook-added', by, expect: 'lost', acts: ['release'], limitSeconds: 25 },
  { rule: 'job-reruns', by, expect: 'remade', tailSeconds: 40 },
  { rule: 'namespace-unguarded', by, expect: 'gone', acts: ['drop namespace'], limitSeconds: 20, tailSeconds: 15 },
  { rule: 'project-changed', by, expect: 'version', acts: ['release'], limitSeconds: 25 },
  { rule: 'project-narrowed', by, expect: 'version', acts: ['release'], limitSeconds: 25 },
  { rule: 'project-refuses', by, expect: 'version', acts: ['release'], limitSeconds: 25 },
  {
    rule: 'prune-with-rollout',
    by,
    expect: 'waits',
    acts: ['revert'],
    badRelease: true,
    limitSeconds: 20,
    tailSeconds: 30,
  },
  {
    rule: 'sync-waits',
    by,
    expect: 'waits',
    acts: ['release', 'revert'],
    badRelease: true,
    limitSeconds: 20,
    tailSeconds: 30,
  },
  { rule: 'replace-or-force', by, expect: 'remade', acts: ['release'] },
  {
    rule: 'replace-or-force',
    as: '`Replace=true` alone, beside an autoscaler',
    by,
    expect: 'lost',
    all: edit('Deployment', ({ spec }) => delete spec?.replicas),
    prepare: ['scale up'],
    bad: edit('Deployment', ({ metadata }) => {
      metadata.annotations = { 'argocd.argoproj.io/sync-options': 'Replace=true' };
    }),
    good: (before) => before,
    acts: ['release'],
    environment: { SERIAL_MS: '100' },
    tailSeconds: 25,
  },
  { rule: 'retry-without-refresh', by, expect: 'waits', acts: ['fail', 'mend'], ends: 'v2', limitSeconds: 20 },
  {
    rule: 'sync-option-missing',
    by,
    expect: 'lost',
    acts: ['rename'],
    environment: { START_MS: '20000' },
    limitSeconds: 90,
  },
];
