import { expect, test } from 'vitest';
import { edited, image, rulesAgainst, sentencesAgainst, web } from '../rendered.ts';

const tagged = image.split('@')[0] ?? '';

test('refuses an image by its tag alone', () => {
  expect(sentencesAgainst(web, edited(web, image, tagged))).toEqual([
    `manifests/staging/web.yaml: Deployment web-staging/web runs the image ${tagged}, which has no digest. Two pods of it may run different code: name it as name:tag@sha256:..., or allow it with --allow image-unpinned --because "...".`,
  ]);
});

test('refuses a digest that is cut off', () => {
  expect(rulesAgainst(web, edited(web, image, image.slice(0, -1)))).toEqual(['image-unpinned']);
});

test('looks at init containers too', () => {
  const init =
    '      initContainers:\n        - name: prepare\n          image: busybox:1.37\n      serviceAccountName: web\n';
  const after = edited(web, '      serviceAccountName: web\n', init);
  expect(sentencesAgainst(web, after)[0]).toContain('runs the image busybox:1.37, which');
});

test('lets another digest pass', () => {
  expect(rulesAgainst(web, edited(web, image, image.replace(/0{64}$/, '1'.repeat(64))))).toEqual([]);
});

test('looks at jobs too', () => {
  const job =
    "---\napiVersion: batch/v1\nkind: CronJob\nmetadata: { name: a, namespace: web-staging }\nspec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: a, image: 'a:1' }] } } } } }\n";
  expect(sentencesAgainst(web, web + job)[0]).toContain('CronJob web-staging/a runs the image a:1, which');
});
