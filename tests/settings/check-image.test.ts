import { expect, test } from 'vitest';
import { imageProblems } from '../../settings/check-image.ts';

test.each(['web:v1', 'example.com:5000/web:v1', `web@sha256:${'0'.repeat(64)}`])(
  'leaves tag and digest to a release: %s',
  (image) => {
    expect([...imageProblems(image)]).toEqual([
      `image is '${image}', but a release pins tag and digest. Leave them out.`,
    ]);
  },
);

test('refuses what is not text, and says what is expected', () => {
  expect([...imageProblems(3)]).toEqual([
    "image is 3, expected an image repository such as 'europe-docker.pkg.dev/project/repository/name'.",
  ]);
  expect([...imageProblems(undefined)]).toEqual([expect.stringContaining('image is missing, expected')]);
});

test.each([
  'asia-southeast2-docker.pkg.dev/project/repository/name',
  'us-docker.pkg.dev/project/repository/folder/name',
  'gcr.io/project/name',
  'eu.gcr.io/project/name',
  'docker.io/user/name',
  'ghcr.io/owner/name',
  'registry.example.com/name',
  // A rehearsal's registries.
  'localhost:5001/web',
  '127.0.0.1:5000/web-rehearsal',
  '[2001:db8::1]:5000/web',
])('takes an image that nodes can pull: %s', (image) => {
  expect([...imageProblems(image)]).toEqual([]);
});

test.each([
  ['shop', "which names no registry. Begin it with the host of yours, such as 'europe-docker.pkg.dev/"],
  ['me/shop', 'which names no registry. Begin it with the host of yours, such as'],
  ['me/shop', 'or docker.io/me/shop.'],
  ['library/shop/web', 'which names no registry.'],
  ['europe-docker.pkg.dev/shop', 'Expected europe-docker.pkg.dev/PROJECT/REPOSITORY/NAME.'],
  ['europe-docker.pkg.dev/project/shop', 'Expected europe-docker.pkg.dev/PROJECT/REPOSITORY/NAME.'],
  ['gcr.io/shop', 'but gcr.io has no images of that form. Expected gcr.io/PROJECT/NAME.'],
  ['docker.io/shop', 'Expected docker.io/USER/NAME.'],
])('refuses an image that no node can pull: %s', (image, words) => {
  expect([...imageProblems(image)]).toEqual([expect.stringContaining(words)]);
});
