import { expect, test } from 'vitest';
import { drift } from '../../checks/drift.ts';

test('a file that is changed, missing or left over is drift', () => {
  const rendered = new Map([
    ['manifests/staging/web.yaml', 'a'],
    ['manifests/staging/new.yaml', 'b'],
    ['argocd/project.yaml', 'c'],
  ]);
  const present = new Map([
    ['manifests/staging/web.yaml', 'edited'],
    ['manifests/staging/old.yaml', 'x'],
    ['argocd/project.yaml', 'c'],
  ]);

  expect(drift(rendered, present)).toEqual([
    'manifests/staging/new.yaml is missing. Run npm run synth and commit the result.',
    'manifests/staging/old.yaml is left over. Run npm run synth and commit the result.',
    'manifests/staging/web.yaml is not what apps/ renders. Run npm run synth and commit the result.',
  ]);
});
