import { expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { repository, scratch } from '../repository.ts';
import { emptyCluster } from '../rollout/kubernetes/empty-cluster.ts';
import { endpoint } from './server.ts';
import { application, argo, deployment, image, namespace, run, verify } from './shop.ts';

test('verifies an Application of any repository by what its path has at the commit', async () => {
  const clone = repository({ 'rendered/shop/all.yaml': deployment('frontend', image('1.2.4')) });
  const head = clone.git('rev-parse', 'HEAD').trim();
  const cluster = await emptyCluster();
  cluster.put(argo, application(head));
  run(cluster, 'frontend', image('1.2.4'));
  const { url } = await endpoint({ body: JSON.stringify({ version: '1.2.4' }) });
  const { stdout, stderr, exitCode, told } = await verify(clone.directory, '--application', 'shop', '--url', url);
  expect(stdout).toMatch(
    new RegExp(
      `^shop/frontend runs 1\\.2\\.4 \\(${head.slice(0, 7)}\\): rolled out after \\d+\\.\\d s, and ${url} answers\\.\\n$`,
    ),
  );
  expect([stderr, exitCode]).toEqual(['', 0]);
  expect(told).toEqual([`frontend: Synced at ${head.slice(0, 7)}, Healthy, 1 updated and 1 available of 1\n`]);
});

test('fails where Argo CD is at the commit and the Deployment runs something else', async () => {
  const clone = repository({ 'rendered/shop/all.yaml': deployment('frontend', image('1.2.4')) });
  const cluster = await emptyCluster();
  cluster.put(argo, application(clone.git('rev-parse', 'HEAD').trim()));
  run(cluster, 'frontend', image('1.2.3'));
  const { stdout, stderr, exitCode } = await verify(
    clone.directory,
    '--application',
    'shop',
    '--within-seconds',
    '0.2',
  );
  expect([stdout, exitCode]).toEqual(['', 1]);
  expect(stderr).toMatch(
    /^frontend: 1\.2\.4 \([0-9a-f]{7}\) is not rolled out\. Commit [0-9a-f]{7} is not rolled out yet: /,
  );
});

test('waits for every Deployment of the path, in the namespace that its manifest names, or for one of them', async () => {
  const clone = repository({
    'rendered/shop/frontend.yaml': deployment('frontend', image('1.2.4')),
    'rendered/shop/api.yaml': deployment('api', image('7'), 'back'),
  });
  const cluster = await emptyCluster();
  cluster.put(argo, application(clone.git('rev-parse', 'HEAD').trim()));
  run(cluster, 'frontend', image('1.2.4'));
  const soon = ['--application', 'shop', '--within-seconds', '0.2'];
  expect(await verify(clone.directory, ...soon)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/^api: 7 .* no Deployment\.\n$/),
  });
  expect((await verify(clone.directory, ...soon, '--deployment', 'frontend')).exitCode).toBe(0);
  run(cluster, 'api', image('7'), 'back');
  const { stdout, exitCode } = await verify(clone.directory, ...soon);
  expect([stdout.split('\n').length, exitCode]).toEqual([3, 0]);
  await expect(verify(clone.directory, ...soon, '--deployment', 'web')).rejects.toThrow(
    new UsageError('--deployment is "web", and The Application shop has no such Deployment.'),
  );
});

test('leaves folders in the folder alone unless Argo CD looks into them', async () => {
  const clone = repository({
    'rendered/shop/frontend.yaml': deployment('frontend', image('1.2.4')),
    'rendered/shop/old/api.yaml': deployment('api', image('7')),
  });
  const head = clone.git('rev-parse', 'HEAD').trim();
  const cluster = await emptyCluster();
  const path = './rendered/shop/';
  cluster.put(argo, application(head, { source: { path } }));
  run(cluster, 'frontend', image('1.2.4'));
  const soon = ['--application', 'shop', '--within-seconds', '0.2'];
  expect((await verify(clone.directory, ...soon)).exitCode).toBe(0);
  cluster.put(argo, application(head, { source: { path, directory: { recurse: true } } }));
  expect((await verify(clone.directory, ...soon)).exitCode).toBe(1);
});

test.each([{ include: '{frontend,map}.yaml' }, { exclude: 'api.*' }, { recurse: true, exclude: '{api.yaml,old/*}' }])(
  'reads those files of the folder that %j leaves Argo CD',
  async (files) => {
    const clone = repository({
      'rendered/shop/frontend.yaml': deployment('frontend', image('1.2.4')),
      'rendered/shop/api.yaml': deployment('api', image('7')),
      'rendered/shop/old/api.yaml': deployment('old', image('6')),
    });
    const cluster = await emptyCluster();
    const source = { path: 'rendered/shop', directory: files };
    cluster.put(argo, application(clone.git('rev-parse', 'HEAD').trim(), { source }));
    run(cluster, 'frontend', image('1.2.4'));
    const soon = ['--application', 'shop', '--within-seconds', '0.2'];
    expect(await verify(clone.directory, ...soon)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^shop\/frontend runs 1\.2\.4 [^\n]*\n$/),
    });
  },
);

test('follows the branch and the folder that Argo CD hydrates', async () => {
  const clone = repository({ 'environments/live/manifest.yaml': deployment('frontend', image('1.2.4')) });
  const head = clone.git('rev-parse', 'HEAD').trim();
  const cluster = await emptyCluster();
  const sourceHydrator = {
    drySource: { repoURL: 'https://git.example.com/shop', path: 'chart', targetRevision: 'HEAD' },
    syncSource: { targetBranch: 'main', path: 'environments/live' },
  };
  cluster.put(argo, application(head, { source: undefined, sourceHydrator }));
  run(cluster, 'frontend', image('1.2.4'));
  const { stdout, exitCode } = await verify(clone.directory, '--application', 'shop');
  expect([stdout.split(':')[0], exitCode]).toEqual([`shop/frontend runs 1.2.4 (${head.slice(0, 7)})`, 0]);
});

test('takes the Deployments that Argo CD lists where it renders them itself', async () => {
  const clone = repository({ 'rendered/shop/kustomization.yaml': 'resources: [../base]\n' });
  const head = clone.git('rev-parse', 'HEAD').trim();
  const cluster = await emptyCluster();
  const resources = [
    { group: 'apps', kind: 'Deployment', namespace, name: 'frontend' },
    { kind: 'Service', namespace, name: 'frontend' },
  ];
  cluster.put(argo, application(head, {}, { resources }));
  run(cluster, 'frontend', image('1.2.4'));
  const { stdout, exitCode } = await verify(clone.directory, '--application', 'shop');
  expect(stdout).toMatch(`shop/frontend runs commit ${head.slice(0, 7)}: rolled out after `);
  expect(exitCode).toBe(0);
});

test('judges by Argo CD alone where nothing else is to be seen from here', async () => {
  const clone = repository({ 'rendered/shop/all.yaml': deployment('frontend', image('1.2.4')) });
  const head = clone.git('rev-parse', 'HEAD').trim();
  const cluster = await emptyCluster();
  cluster.put(argo, application(head, { destination: { name: 'elsewhere', namespace } }));
  expect(await verify(clone.directory, '--application', 'shop')).toMatchObject({
    exitCode: 0,
    told: [`shop: Synced at ${head.slice(0, 7)}, Healthy\n`],
  });
});

test('verifies a Deployment without Argo CD, by its manifest or by what it has', async () => {
  const clone = repository({ 'rendered/shop/all.yaml': deployment('frontend', image('1.2.4'), namespace) });
  const cluster = await emptyCluster();
  run(cluster, 'frontend', image('1.2.3'));
  const soon = ['--deployment', 'frontend', '--within-seconds', '0.2'];
  expect(await verify(clone.directory, ...soon, 'rendered/shop/')).toMatchObject({ exitCode: 1 });
  run(cluster, 'frontend', image('1.2.4'));
  expect(await verify(clone.directory, ...soon, 'rendered/shop/')).toMatchObject({ exitCode: 0 });
  const { stdout, exitCode } = await verify(scratch(), ...soon, '--namespace', namespace);
  expect(stdout).toMatch(/^frontend runs its newest template: rolled out after /);
  expect(exitCode).toBe(0);
});

test.each([
  [[], 'Nothing is named to be verified.'],
  [
    ['--application', 'shp'],
    '--application is "shp", and Argo CD has no such Application in the namespace argocd. Did you mean shop?',
  ],
  [['--application', 'shop', '--commit', 'f'.repeat(40)], 'which is no commit here, nor on main at origin.'],
  [['--application', 'shop', 'charts'], 'charts is not in commit '],
  [['--application', 'shop', '--url', 'shop.example.com'], '--url is "shop.example.com", expected an address'],
  [['--application', 'shop', '--within-seconds', 'soon'], '--within-seconds is "soon", expected a number of seconds.'],
  [
    ['--application', 'chart'],
    'The Application chart follows a chart, so no commit of one repository tells what it runs.',
  ],
  [['--application', 'many'], 'The Application many follows several sources'],
  [['--deployment', 'frontend'], '--namespace is missing'],
  [['--deployment', 'web', '--namespace', 'shop'], 'The namespace shop has no Deployment web.'],
  [['--deployment', 'web', 'rendered'], '--deployment is "web", and Commit '],
])('refuses %j', async (args, sentence) => {
  const clone = repository({ 'rendered/shop/all.yaml': deployment('frontend', image('1.2.4')) });
  const cluster = await emptyCluster();
  cluster.put(argo, application('a'.repeat(40)));
  cluster.put(argo, { ...application('a'.repeat(40), { source: { chart: 'web' } }), metadata: { name: 'chart' } });
  cluster.put(argo, {
    ...application('a'.repeat(40), { source: undefined, sources: [{}] }),
    metadata: { name: 'many' },
  });
  const verified = verify(clone.directory, ...args);
  await expect(verified).rejects.toThrow(UsageError);
  await expect(verified).rejects.toThrow(sentence);
});

test('refuses a clone without its history, and a folder that is none', async () => {
  const origin = repository({ 'rendered/shop/all.yaml': '{}' });
  origin.commit('More', { more: '' });
  const shallow = scratch();
  origin.git('clone', '--quiet', '--depth=1', `file://${origin.directory}`, shallow);
  const cluster = await emptyCluster();
  cluster.put(argo, application('a'.repeat(40)));
  await expect(verify(shallow, '--application', 'shop')).rejects.toThrow(/ is shallow, .* Fetch its history: /);
  await expect(verify(scratch(), '--application', 'shop')).rejects.toThrow(' is in no clone of git (');
});
