import { expect, test } from 'vitest';
import { parseManifests } from '../../../../release/guard/documents.ts';
import { guard } from '../../../../release/guard/guard.ts';
import { edited, judged, linesAgainst, rulesAgainst, web } from '../rendered.ts';

test('refuses a document that has lost its kind', () => {
  expect(linesAgainst(web, edited(web, 'kind: NetworkPolicy\n', ''))).toEqual([
    expect.stringMatching(
      /^kind-missing \| apiVersion: networking\.k8s\.io\/v1 \| line \d+ begins a document without kind\. Argo CD skips it without a word and prunes what it stood for: give it apiVersion, kind and name after a line `---`, or take it out$/,
    ),
  ]);
});

test('refuses a file that is no YAML any more, and says nothing else of it', () => {
  const broken = edited(
    web,
    '  ports:\n    - name: http\n      port: 80\n',
    '<<<<<<< HEAD\n  ports:\n    - name: http\n      port: 80\n',
  );
  const [refusal, ...more] = judged(web, broken).filter(({ rule }) => rule === 'yaml-broken');
  expect(more).toEqual([]);
  expect(refusal?.sentence).toMatch(
    /^manifests\/staging\/web\.yaml: line \d+ is no YAML \(.+\)\. Argo CD applies nothing of the folder any more, also no revert of another file: render it anew with npm run synth, or allow it/,
  );
});

test('says nothing of a flaw in a file that is not touched', () => {
  const flawed = edited(web, 'kind: NetworkPolicy\n', '');
  expect(rulesAgainst(flawed, flawed)).toEqual([]);
  expect(rulesAgainst(flawed, edited(flawed, ':1.2.3@', ':1.2.4@'))).toEqual(['kind-missing']);
});

test.each(['kustomization.yaml', 'kustomization.yml', 'Kustomization', 'Chart.yaml'])(
  'refuses a file that hands the folder to another tool: %s',
  (name) => {
    const text = 'apiVersion: v1\nkind: Kustomization\nmetadata: { name: web }\nresources: [web.yaml]\n';
    const [rendered, added] = [
      ['manifests/staging/web.yaml', web] as const,
      [`manifests/staging/${name}`, text] as const,
    ];
    const refusals = guard(parseManifests(new Map([rendered])), parseManifests(new Map([rendered, added])));
    expect(refusals.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(
        /^manifests\/staging\/\w+(?:\.ya?ml)?: the file is for (?:Kustomize|Helm)\. Argo CD has that make the manifests of the folder from now on, and prunes what it does not make: take the file away, or allow it with --allow folder-misread/,
      ),
    ]);
  },
);

test.each([
  ['more.jsonnet', '{ kind: "Namespace" }\n', 'the file is a program in Jsonnet'],
  [
    'more.yaml',
    'apiVersion: v1\nkind: List\nmetadata: { name: more }\nitems:\n  - kind: Namespace\n',
    'line 4 begins the items of a List',
  ],
  [
    'none.yaml',
    'apiVersion: v1\nkind: Deployment\nmetadata: { name: none }\nitems:\n',
    'begins the items of a Deployment',
  ],
  [
    'more.json',
    '{ "apiVersion": "v1", "kind": "Deployment", "items": [] }\n',
    'line 1 begins the items of a Deployment',
  ],
])('refuses a file that holds objects which no rule sees: %s', (name, text, says) => {
  const rendered = ['manifests/staging/web.yaml', web] as const;
  const added = [`manifests/staging/${name}`, text] as const;
  const refusals = guard(parseManifests(new Map([rendered])), parseManifests(new Map([rendered, added])));
  expect(refusals.map(({ sentence }) => sentence)).toEqual([
    expect.stringContaining(`${says}. Argo CD applies the objects in there, and no rule has judged them`),
  ]);
});
