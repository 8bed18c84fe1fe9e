import { expect, test } from 'vitest';
import { configuration } from '../../../apps/lossless/configuration.ts';

test('is nothing where nothing is asked for', () => {
  expect(configuration('web', {})).toEqual({
    configMaps: [],
    annotations: {},
    envFrom: [],
    volumes: [],
    mounts: [],
  });
});

test('keeps variables and files in ConfigMaps of the service', () => {
  const files = { '/etc/app.toml': 'a = 1', '/srv/app.toml': 'b = 2' };
  const { configMaps, envFrom, volumes, mounts } = configuration('web', { config: { LEVEL: 'info' }, files });
  expect(configMaps).toEqual([
    { name: 'web', data: { LEVEL: 'info' } },
    { name: 'web-files', data: { 'app.toml': 'a = 1', '2-app.toml': 'b = 2' } },
  ]);
  expect(envFrom).toEqual([{ configMapRef: { name: 'web' } }]);
  expect(volumes).toEqual([{ name: expect.stringMatching(/^configmap-/), configMap: { name: 'web-files' } }]);
  // By subPath a pod that runs keeps the file that it has started with.
  expect(mounts).toMatchObject([
    { mountPath: '/etc/app.toml', subPath: 'app.toml', readOnly: true },
    { mountPath: '/srv/app.toml', subPath: '2-app.toml', readOnly: true },
  ]);
});

test('changes the pods with each change of what they read', () => {
  const hashes = [
    configuration('web', { config: { A: '1' } }),
    configuration('web', { config: { A: '2' } }),
    configuration('web', { config: { A: '1' }, files: { '/a': '1' } }),
    configuration('web', { config: { A: '1' }, files: { '/a': '2' } }),
  ].map(({ annotations }) => annotations['zerodrop/configuration']);
  expect(new Set(hashes).size).toBe(4);
  expect(configuration('web', { config: { A: '1' } }).annotations).toEqual({ 'zerodrop/configuration': hashes[0] });
});

test('starts no pod where the same is written in another order', () => {
  const [one, other] = [
    { config: { A: '1', B: '2' }, files: { '/a': '1', '/b': '2' } },
    { config: { B: '2', A: '1' }, files: { '/b': '2', '/a': '1' } },
  ].map((asked) => configuration('web', asked).annotations);
  expect(one).toEqual(other);
});

test('keeps an empty ConfigMap that nobody reads, so that it can go in a commit that starts no pod', () => {
  const { configMaps, ...read } = configuration('web', { config: {}, files: {} });
  expect(configMaps).toEqual([
    { name: 'web', data: {} },
    { name: 'web-files', data: {} },
  ]);
  expect(read).toEqual({ annotations: {}, envFrom: [], volumes: [], mounts: [] });
});

test('mounts keys and whole Secrets and ConfigMaps of others, each by one volume', () => {
  const { configMaps, volumes, mounts } = configuration('web', {
    files: {
      '/etc/tls': { secret: 'tls' },
      '/etc/key': { secret: 'tls', key: 'tls.key' },
      '/etc/flags.json': { configMap: 'flags', key: 'flags.json' },
    },
  });
  expect(configMaps).toEqual([]);
  expect(volumes).toMatchObject([{ secret: { secretName: 'tls' } }, { configMap: { name: 'flags' } }]);
  expect(mounts).toEqual([
    { name: volumes[0]?.name, mountPath: '/etc/tls', readOnly: true },
    { name: volumes[0]?.name, mountPath: '/etc/key', subPath: 'tls.key', readOnly: true },
    { name: volumes[1]?.name, mountPath: '/etc/flags.json', subPath: 'flags.json', readOnly: true },
  ]);
});

test('gives folders to write to, each with its size', () => {
  const { volumes, mounts } = configuration('web', { scratch: { '/tmp': '64Mi' } });
  expect(volumes).toMatchObject([{ name: 'scratch-1', emptyDir: { sizeLimit: { value: '64Mi' } } }]);
  expect(mounts).toEqual([{ name: 'scratch-1', mountPath: '/tmp' }]);
});

test('takes variables from Secrets and ConfigMaps as a whole, after those of the service', () => {
  const asked = { config: { A: '1' }, envFrom: [{ secret: 'database', prefix: 'DB_' }, { configMap: 'common' }] };
  expect(configuration('web', asked).envFrom).toEqual([
    { configMapRef: { name: 'web' } },
    { secretRef: { name: 'database' }, prefix: 'DB_' },
    { configMapRef: { name: 'common' } },
  ]);
});
