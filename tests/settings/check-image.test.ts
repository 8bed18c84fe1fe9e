import { expect, test } from 'vitest';
import { imageProblems } from '../../settings/check-image.ts';

test.each([
  'web',
  'example/web',
  'asia-southeast2-docker.pkg.dev/example-project/zerodrop/web',
  '127.0.0.1:5000/my__web',
])('takes %s', (image) => {
  expect([...imageProblems(image)]).toEqual([]);
});

test.each(['web:v1', 'example.com:5000/web:v1', `web@sha256:${'0'.repeat(64)}`])(
  'leaves tag and digest to a release: %s',
  (image) => {
    expect([...imageProblems(image)]).toEqual([
      `image is '${image}', but tag and digest belong to a release and are pinned by it. Leave them out.`,
    ]);
  },
);

test.each(['https://example.com/web', 'example.com/Web', 'example.com/', '/web', ''])('refuses %j', (image) => {
  expect([...imageProblems(image)]).toEqual([
    `image is '${image}', expected an image repository such as 'europe-docker.pkg.dev/project/repository/name'.`,
  ]);
});
