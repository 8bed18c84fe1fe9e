import { describe, expect, test } from 'vitest';
import { assertSettings, defineSettings } from '../../settings/define.ts';
import { settings } from './sample.ts';

const [environment] = settings.environments;
const singleSignOn = { organisation: 'example', adminTeam: 'platform', clientId: 'Iv1.0123456789abcdef' };
const [service] = settings.services;

/** The sentences about the sample with these values in it. */
function problems(changes: object): readonly string[] {
  try {
    assertSettings({ ...settings, ...changes });
    return [];
  } catch (error) {
    return String(Object(error).message).split('\n');
  }
}

test('returns settings that are right', () => {
  expect(defineSettings(settings)).toBe(settings);
});

test('names every wrong setting at once, a line each', () => {
  const services = [{ name: 'web', image: 'web:v1' }];
  expect(problems({ services, environments: [{ ...environment, autoRollback: 'yes', afer: 'x' }], repo: 1 })).toEqual([
    "settings.ts: services.web.image is 'web:v1', but a release pins tag and digest. Leave them out.",
    "settings.ts: environments.staging.autoRollback is 'yes', expected true or false.",
    'settings.ts: environments.staging.afer is not a setting. Did you mean after? Use one of name, after, cluster, gateway, autoRollback, receipts, frozen.',
    'settings.ts: repo is not a setting. Use one of repository, services, environments, clusters, owners.',
  ]);
});

test('refuses what is no object', () => {
  expect(() => assertSettings('web')).toThrow('settings.ts: defineSettings() expects an object.');
});

test.each(['services', 'environments', 'clusters'])('refuses settings without %s', (list) => {
  expect(problems({ [list]: [] })).toEqual([
    expect.stringContaining(`settings.ts: ${list} has no entry, but there is`),
  ]);
  expect(problems({ [list]: undefined })).toEqual([
    `settings.ts: ${list} is missing, expected a list of objects with a name each: [{ name: '...' }].`,
  ]);
  expect(problems({ [list]: { web: {} } })).toEqual([
    expect.stringContaining(`settings.ts: ${list} is {"web":{}}, expected`),
  ]);
});

test.each([
  ['services', [service, service], 'web'],
  ['environments', [environment, { ...environment }], 'staging'],
  ['clusters', [...settings.clusters, ...settings.clusters], 'main'],
])('refuses a name twice in %s', (list, entries, name) => {
  expect(problems({ [list]: entries })).toEqual([
    `settings.ts: ${list} names '${name}' twice, and one of them would be lost. Rename one, or remove it.`,
  ]);
});

test('takes an environment by any name, as no file of the repository has it', () => {
  expect(problems({ environments: [{ name: 'project' }] })).toEqual([]);
});

test.each(['web', 'w', 'my-service-2', 'a'.repeat(40)])('takes the service %s', (name) => {
  expect(problems({ services: [{ ...service, name }] })).toEqual([]);
});

test.each([
  ['Web', "services.Web.name is 'Web', expected a name of lower case letters"],
  ['web-', "services.web-.name is 'web-', expected"],
  ['2web', "services.2web.name is '2web', expected"],
  ['../up', "services[0].name is '../up', expected"],
  ['a'.repeat(41), 'at most 40 characters'],
  [undefined, 'services[0].name is missing, expected'],
  [3, 'services[0].name is 3, expected'],
  ['default', "services.default.name is 'default', a name that is already taken"],
  ['namespace', "services.namespace.name is 'namespace', a name that is already taken"],
  ['root', "services.root.name is 'root', a name that is already taken"],
])('refuses the service %s', (name, sentence) => {
  expect(problems({ services: [{ ...service, name }] })).toEqual([expect.stringContaining(sentence)]);
});

test.each([
  ['Production', "environments.Production.name is 'Production', expected a name of lower case letters"],
  ['production-of-the-whole', 'at most 20 characters'],
])('refuses the environment %s', (name, sentence) => {
  expect(problems({ environments: [{ name }] })).toEqual([expect.stringContaining(sentence)]);
});

test('takes a chain, and one that branches', () => {
  const environments = [{ name: 'c', after: 'b' }, { name: 'a' }, { name: 'b', after: 'a' }, { name: 'd', after: 'a' }];
  expect(problems({ environments })).toEqual([]);
});

test.each([
  [
    [environment, { name: 'production', after: 'stagin' }],
    "environments.production.after is 'stagin', but there is no such environment. Did you mean staging? Use one of staging, production, or leave it out.",
  ],
  [
    [{ name: 'a', after: 'a' }],
    "environments.a.after is 'a', which makes a circle: a after a. Leave after out where releases come in from the build.",
  ],
  [
    [
      { name: 'a', after: 'c' },
      { name: 'b', after: 'a' },
      { name: 'c', after: 'b' },
      { name: 'd', after: 'c' },
    ],
    "environments.a.after is 'c', which makes a circle: a after c after b after a. Leave after out where releases come in from the build.",
  ],
])('refuses a chain that leads nowhere: %j', (environments, sentence) => {
  expect(problems({ environments })).toEqual([`settings.ts: ${sentence}`]);
});

describe('several clusters', () => {
  const base = { project: 'example-project', region: 'europe-west1' };
  const environments = [
    { name: 'staging', cluster: 'main' },
    { name: 'production', after: 'staging', cluster: 'west' },
  ];

  function withClusters(main: object, west: object, changes: object = {}): readonly string[] {
    const clusters = [
      { name: 'main', google: { ...base, ...main } },
      { name: 'west', google: { ...base, ...west } },
    ];
    return problems({ clusters, environments, ...changes });
  }

  test.each([
    [{}, { name: 'west' }],
    [{}, { project: 'other-project' }],
  ])('are taken with names of their own: %j and %j', (main, west) => {
    expect(withClusters(main, west)).toEqual([]);
  });

  test.each([
    [
      {},
      {},
      "google.name is 'zerodrop', as that of main, and both are in project example-project: they would be one cluster with one state. Write another name.",
    ],
    [
      { stateBucket: 'states' },
      { name: 'west', stateBucket: 'states' },
      "google.stateBucket is 'states', as that of main, so one would overwrite the other's state. Name another bucket.",
    ],
    [
      { name: 'b-c', project: 'example-a' },
      { name: 'c', project: 'example-a-b' },
      "google.stateBucket is 'example-a-b-c-state', as that of main,",
    ],
    [
      { argocd: { domain: 'argocd.example.com', singleSignOn } },
      { name: 'west', argocd: { domain: 'argocd.example.com', singleSignOn } },
      "google.argocd.domain is 'argocd.example.com', as that of main, but each cluster has an Argo CD of its own.",
    ],
  ])('are refused where they would share something: %j and %j', (main, west, sentence) => {
    expect(withClusters(main, west, { services: [{ name: 'web', image: 'ghcr.io/example/web' }] })).toEqual([
      expect.stringContaining(`settings.ts: clusters.west.${sentence}`),
    ]);
  });

  test('want to be named by each environment, and one at least', () => {
    expect(
      withClusters({}, { name: 'west' }, { environments: [{ name: 'staging' }, { name: 'live', cluster: 'west' }] }),
    ).toEqual([
      'settings.ts: environments.staging.cluster is missing, but there are several clusters. Use one of main, west.',
    ]);
    expect(withClusters({}, { name: 'west' }, { environments: [{ name: 'staging', cluster: 'main' }] })).toEqual([
      "settings.ts: clusters.west has no environment. Write cluster: 'west' into one, or remove the cluster.",
    ]);
  });
});

test('refuses images of two repositories, of which one alone is made', () => {
  const services = ['one/web', 'one/api', 'two/worker'].map((path) => ({
    name: path.split('/')[1],
    image: `europe-docker.pkg.dev/example-project/${path}`,
  }));
  expect(problems({ services })).toEqual([
    "settings.ts: services.worker.image is 'europe-docker.pkg.dev/example-project/two/worker', which is in another repository than the images before it, so the nodes may not pull it. Begin it with europe-docker.pkg.dev/example-project/one/.",
  ]);
});

test('says which Google setting of which cluster is wrong', () => {
  expect(problems({ clusters: [{ name: 'main' }] })).toEqual([
    'settings.ts: clusters.main.google is missing, expected an object with project and region.',
  ]);
  expect(problems({ clusters: [{ name: 'main', google: { project: 'example-project', region: 'mars' } }] })).toEqual([
    "settings.ts: clusters.main.google.region is 'mars', expected a region such as 'europe-west1', not a zone.",
  ]);
});

function imageProblems(image: unknown): readonly string[] {
  return problems({ services: [{ name: 'web', image }] });
}

test.each(['web:v1', 'example.com:5000/web:v1', `web@sha256:${'0'.repeat(64)}`])(
  'leaves tag and digest to a release: %s',
  (image) => {
    expect(imageProblems(image)).toEqual([
      `settings.ts: services.web.image is '${image}', but a release pins tag and digest. Leave them out.`,
    ]);
  },
);

test('refuses an image that is not text, and says what is expected', () => {
  const expected = "expected an image repository such as 'europe-docker.pkg.dev/project/repository/name'.";
  expect(imageProblems(3)).toEqual([`settings.ts: services.web.image is 3, ${expected}`]);
});

test.each([
  'europe-docker.pkg.dev/example-project/repository/name',
  'us-docker.pkg.dev/example-project/repository/folder/name',
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
  expect(imageProblems(image)).toEqual([]);
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
  expect(imageProblems(image)[0]).toContain(words);
});

test('refuses an image of another project, which the nodes may not pull', () => {
  expect(imageProblems('europe-docker.pkg.dev/other-project/images/web')).toEqual([
    "settings.ts: services.web.image is 'europe-docker.pkg.dev/other-project/images/web', which is not in project example-project, so its nodes may not pull it. Begin it with europe-west1-docker.pkg.dev/example-project/zerodrop/, or change clusters.main.google.project.",
  ]);
});
