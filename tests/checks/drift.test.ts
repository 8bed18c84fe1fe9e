import { expect, test } from 'vitest';
import { drift } from '../../checks/tools.ts';

test('a file that is changed, missing or left over is drift', () => {
  const rendered = new Map([
    ['manifests/staging/web/web.yaml', 'a'],
    ['manifests/staging/web/new.yaml', 'b'],
    ['argocd/web.project.yaml', 'c'],
  ]);
  const present = new Map([
    ['manifests/staging/web/web.yaml', 'edited'],
    ['manifests/staging/web/old.yaml', 'x'],
    ['argocd/web.project.yaml', 'c'],
  ]);

  expect(drift(rendered, present)).toEqual([
    'manifests/staging/web/new.yaml is missing. Run npm run synth and commit the result.',
    'manifests/staging/web/old.yaml is left over. Run npm run synth and commit the result.',
    'manifests/staging/web/web.yaml is not what apps/ renders. Run npm run synth and commit the result.',
  ]);
});
