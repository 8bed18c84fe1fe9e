import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/guard/index.ts';
import { deployment, service } from './manifests.ts';
import { edited, file, findings, folder, inFolder, swap } from './sample.ts';

const base = file(...folder);

function changed(from: string, to: string): readonly Finding[] {
  return findings(base, edited(base, from, to), { profile: 'any' });
}

function said(all: readonly Finding[]): readonly string[] {
  return all.map(({ rule, line, sentence, suggestion }) => `${rule} ${line}: ${sentence} => ${suggestion}`);
}

const reading = (source: string): string =>
  edited(
    base,
    '            - name: GREETING\n',
    `            - {name: A, valueFrom: {${source}}}\n            - name: GREETING\n`,
  );

const warned = (after: string, before = base): readonly string[] =>
  findings(before, after, { profile: 'any' }).map(
    ({ rule, severity, what, fix }) => `${rule} (${severity}) ${what} ${fix}`,
  );

const annotated = (annotation: string): readonly string[] =>
  said(
    findings(
      base,
      inFolder(
        swap(service, edited(service, '  namespace: shop\n', `  namespace: shop\n  annotations: {${annotation}}\n`)),
      ),
    ),
  );

describe('a misspelt word is told as what it is', () => {
  test("in a Service's selector: no pods are selected", () => {
    const all = changed('  selector:\n    app: web\n  ports', '  selector:\n    app: wbe\n  ports');
    expect(said(all)).toEqual([
      expect.stringMatching(/^selector-changed 22: .*to app=wbe, which selects no pods\. No workload.* => app: web$/),
    ]);
    const other = edited(deployment, '    app: web\nspec', '    app: web\nspec').replaceAll('web', 'next');
    const [swapped] = findings(
      base + '---\n' + other,
      inFolder(swap(service, edited(service, '    app: web', '    app: next')), other),
    );
    expect(swapped?.why).toMatch(/^All endpoints are swapped/);
  });

  test.each([
    [
      'kind: Deployment',
      'kind: Deploymnt',
      ['name-changed', 'invalid-value'],
      /Deploymnt shop\/web stands in its place, with another kind.*=> kind: Deployment$/,
    ],
    [
      'apiVersion: apps/v1',
      'apiVersion: v1',
      ['name-changed', 'invalid-value'],
      /with another apiVersion.*=> apiVersion: apps\/v1$/,
    ],
    [
      'kind: Service\nmetadata:\n  name: web\n  namespace: shop',
      'kind: Service\nmetadata:\n  name: web\n  namespace: shp',
      ['name-changed'],
      /Service shp\/web stands in its place.*=> namespace: shop$/,
    ],
    [
      'kind: Service\nmetadata:\n  name: web',
      'kind: Service\nmetadata:\n  name: wbe',
      ['name-changed'],
      /Service shop\/wbe stands in its place.*=> name: web$/,
    ],
  ])('%j', (from, to, rules, sentence) => {
    const all = changed(from, to);
    expect(all.map(({ rule }) => rule)).toEqual(rules);
    expect(said(all)[0]).toMatch(sentence);
  });

  test('a value of another type than the API has', () => {
    for (const [from, to, what, suggestion] of [
      ['replicas: 3', 'replicas: three', 'has replicas "three", which is no whole number', null],
      ['replicas: 3', 'replicas: "3"', 'has replicas "3", which is no whole number', 'replicas: 3'],
      ['minReadySeconds: 5', 'minReadySeconds: 5s', 'has minReadySeconds "5s", which is no whole number', null],
      [
        '      labels:\n        app: web\n',
        '      labels:\n        app: web\n        version: 1.10\n',
        'has labels.version with a value that is no text (1.1)',
        'version: "1.10"',
      ],
      ['  other: unused', '  other: yes', 'has data.other with a value that is no text (true)', 'other: "yes"'],
      [
        '          env:\n',
        '          args: [--port, 8080]\n          env:\n',
        'has an entry of args with a value that is no text (8080)',
        '"8080"',
      ],
      ['port: 80\n', 'port: eighty\n', 'has port "eighty", which is no whole number', null],
    ] as const) {
      const found = changed(from, to).find(({ rule }) => rule === 'invalid-value');
      expect(found).toMatchObject({ severity: 'refuse', what, suggestion });
    }
    expect(changed('replicas: 3', 'replicas: three').map(({ rule }) => rule)).toEqual(['invalid-value']);
  });
});

describe('what is gone is shown where it stood', () => {
  test('by its own line of the file before the change', () => {
    const [gone] = findings(base, file(...folder.filter((one) => one !== service)), { profile: 'any' });
    const line = base.slice(0, base.indexOf('kind: Service\n')).split('\n').length - 1;
    expect(gone).toMatchObject({ rule: 'name-changed', what: 'is gone', isGone: true, line });
  });
});

describe('references to what nothing has', () => {
  const secret = 'secretKeyRef: {name: db, key: password}';

  test('are told, and the nearest name with them', () => {
    expect(warned(reading(secret))).toEqual([
      expect.stringMatching(/^reference-missing \(warn\) reads the Secret db, which nothing/),
    ]);
    expect(warned(reading('configMapKeyRef: {name: wbe, key: greeting}'))).toEqual([
      expect.stringMatching(/reads the ConfigMap wbe, .*Did you mean web\?$/),
    ]);
    expect(warned(reading('configMapKeyRef: {name: web, key: greting}'))).toEqual([
      expect.stringMatching(/reads the key greting .*Did you mean greeting\?$/),
    ]);
  });

  test.each([
    ['optional', reading('secretKeyRef: {name: db, key: password, optional: true}')],
    [
      'made by an operator',
      `${reading(secret)}---\napiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db, namespace: shop}\n`,
    ],
    [
      'named by an operator',
      `${reading(secret)}---\napiVersion: example.com/v1\nkind: Store\nmetadata: {name: a, namespace: shop}\nspec: {writeTo: {name: db}}\n`,
    ],
    ['made by the cluster', reading('configMapKeyRef: {name: kube-root-ca.crt, key: ca.crt}')],
  ])('are not told where they are %s', (_name, after) => {
    expect(warned(after)).toEqual([]);
  });

  test('that stood before are nothing that the change does', () => {
    expect(warned(reading(secret).replace('replicas: 3', 'replicas: 4'), reading(secret))).toEqual([]);
  });
});

describe('exceptions of objects that have no effect', () => {
  test.each([
    [
      'zerodrop.dev/allow.replica-lost: why',
      /^exception-ineffective 19: .*names no rule.*Did you mean zerodrop\.dev\/allow\.replicas-lost\?/,
    ],
    ['zerodrop.dev/alow.replicas-lost: why', /means nothing to the guard/],
    ['zerodrop.dev/allow.replicas-lost: ""', /allows replicas-lost without a reason/],
  ])('%s', (annotation, sentence) => {
    expect(annotated(annotation)).toEqual([expect.stringMatching(sentence)]);
  });

  test('one that is right is no finding', () => {
    expect(annotated('zerodrop.dev/allow.replicas-lost: why')).toEqual([]);
  });
});

const serviceFile = (stem: string, count: number): string =>
  Array.from(
    { length: count },
    (_, index) =>
      `apiVersion: v1\nkind: Service\nmetadata: {name: ${stem}-${index}, namespace: shop}\nspec: {ports: [{port: 80}]}\n`,
  ).join('---\n');

const successors = (count: number): number =>
  findings(serviceFile('web', count), serviceFile('wob', count), { profile: 'any' }).filter(({ what }) =>
    what.includes('stands in its place'),
  ).length;

test('names what takes the place of an object, and not where many objects of its kind are new', () => {
  expect(successors(50)).toBe(50);
  expect(successors(51)).toBe(0);
});
