import { expect, test } from 'vitest';
import { rootName } from '../../cluster/argocd/root.ts';
import { serviceProblems } from '../../settings/check-name.ts';
import { placeProblems } from '../../settings/check-place.ts';
import { assertSettings } from '../../settings/define.ts';
import { settings } from './sample.ts';

const foreign = { ...settings, image: 'europe-docker.pkg.dev/other-project/images/web' };

test('refuses an image of another project, which the nodes may not pull', () => {
  expect(() => assertSettings(foreign)).toThrow(
    "settings.ts: image is 'europe-docker.pkg.dev/other-project/images/web', which is not in project example-project, so its nodes may not pull it. Begin it with europe-west1-docker.pkg.dev/example-project/zerodrop/, or change google.project.",
  );
});

test.each(['ghcr.io/acme/web', '127.0.0.1:5000/web', settings.image])('takes %s', (image) => {
  expect([...placeProblems({ ...settings, image })]).toEqual([]);
});

test('refuses the name that Argo CD starts from as a service', () => {
  expect([...serviceProblems(rootName)]).toHaveLength(1);
});
