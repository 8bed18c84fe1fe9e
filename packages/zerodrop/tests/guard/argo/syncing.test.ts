import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Files, judge } from '../../../src/guard/index.ts';

/** What Argo CD was asked to do with an object, and what became of it; tests/real/syncing.ts of the repository has written it. */
interface Case {
  readonly name: string;
  readonly change: 'removed' | 'abandoned' | 'edited';
  readonly annotations?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  readonly applicationAnnotations?: Readonly<Record<string, string>>;
  readonly outcome: string;
}

const { cases } = JSON.parse(readFileSync(path.join(import.meta.dirname, 'reading/syncs.json'), 'utf8')) as {
  readonly cases: readonly Case[];
};
const of = (change: Case['change']): readonly Case[] =>
  cases.filter((one) => one.change === change && one.applicationAnnotations === undefined);

const sync = 'argocd.argoproj.io/sync-options';
const object = (apiVersion: string, kind: string, annotations: object = {}, rest: object = {}): string =>
  JSON.stringify({ apiVersion, kind, metadata: { name: 'object', namespace: 'shop', annotations }, ...rest });

/** The rules that object to a change of a folder that an Application applies. */
function rules(
  { options = [], applicationAnnotations: annotations = {} }: Case,
  ...sides: readonly string[]
): string[] {
  const [before, after] = sides.map((text, index): Files => {
    const spec = {
      source: { repoURL: 'https://git.example/shop', path: 'shop' },
      destination: { namespace: 'shop' },
      syncPolicy: { automated: { enabled: true, prune: true, selfHeal: true }, syncOptions: options },
    };
    const argo = object('argoproj.io/v1alpha1', 'Application', index === 0 ? {} : annotations, { spec });
    const other = object('v1', 'ConfigMap').replaceAll('object', 'other');
    return new Map([
      ['argocd/web.yaml', argo],
      ['shop/all.yaml', [other, text].filter((one) => one !== '').join('\n---\n')],
    ]);
  });
  const { findings } = judge(before ?? new Map(), after ?? new Map(), { profile: 'any' });
  return findings.map(({ rule }) => rule);
}

test.each(of('removed'))('$name: the guard says whether it is deleted', (one) => {
  const disk = object('v1', 'PersistentVolumeClaim', one.annotations);
  expect(rules(one, disk, '').includes('data-lost')).toBe(one.outcome !== 'kept');
});

test.each(of('edited'))('$name: the guard says whether it is refused', (one) => {
  const [old, next] = ['old', 'new'].map((a) =>
    object('v1', 'ConfigMap', one.annotations, { immutable: true, data: { a } }),
  );
  expect(rules(one, old ?? '', next ?? '').includes('immutable-field')).toBe(one.outcome === 'refused');
});

test.each(of('abandoned'))('$name: the guard says whether a namespace goes without a question', (one) => {
  const annotations = { ...one.annotations, [sync]: `Prune=confirm,${one.annotations?.[sync] ?? ''}` };
  const namespace = object('v1', 'Namespace', annotations);
  const { findings } = judge(new Map(), new Map([['shop/all.yaml', namespace]]), { profile: 'lossless' });
  expect(findings.some(({ rule }) => rule === 'namespace-unguarded')).toBe(one.outcome === 'deleted');
});

test.each(cases.filter((one) => one.applicationAnnotations !== undefined))(
  '$name: the guard says whether Argo CD follows git',
  (one) => {
    const text = object('v1', 'ConfigMap');
    expect(rules(one, text, text).includes('automation-off')).toBe(one.outcome === 'kept');
  },
);

test.each([
  ['keep', []],
  [' Keep ', []],
  ['delete', ['data-lost']],
])('where no Argo CD applies a folder, Helm is told: %s', (policy, expected) => {
  const disk = object('v1', 'PersistentVolumeClaim', { 'helm.sh/resource-policy': policy });
  const other: Files = new Map([['other.yaml', object('v1', 'ConfigMap').replaceAll('object', 'other')]]);
  const { findings } = judge(new Map([...other, ['disk.yaml', disk]]), other, { profile: 'any' });
  expect(findings.map(({ rule }) => rule)).toEqual(expected);
});
