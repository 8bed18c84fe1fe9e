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
