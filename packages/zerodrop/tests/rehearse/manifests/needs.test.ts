import { describe, expect, test } from 'vitest';
import { bytes, environmentOf, filesOf, keysAmong, refusals } from '../../../src/rehearse/manifests/needs.ts';

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db' },
  data: { password: 'aHVudGVyMg==' },
  stringData: { user: 'web' },
};
const settings = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'web' },
  data: { MODE: 'fast', 'app.yaml': 'a: 1' },
};
const keys = keysAmong([secret, settings]);
const nothing = new Map<string, string>();

describe('the environment of a container', () => {
  test('holds what ConfigMaps and Secrets say, and refers to it', () => {
    const container = {
      envFrom: [{ prefix: 'X_', configMapRef: { name: 'web' } }],
      env: [
        { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
        { name: 'URL', value: 'db://$(USER):$(PASSWORD)@db/$$(X)/$(NONE)' },
        { name: 'MODE', valueFrom: { configMapKeyRef: { name: 'web', key: 'MODE' } } },
      ],
    };
    const byKubelet = new Map([
      ['PASSWORD', ''],
      ['URL', 'wrong'],
      ['MODE', ''],
    ]);
    expect(Object.fromEntries(environmentOf(container, byKubelet, keys, {}))).toEqual({
      X_MODE: 'fast',
      'X_app.yaml': 'a: 1',
      PASSWORD: 'hunter2',
      URL: 'db://$(USER):hunter2@db/$(X)/$(NONE)',
      MODE: 'fast',
    });
  });

  test('takes fields of the pod and the addresses of Services from the kubelet', () => {
    const container = { env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] };
    const byKubelet = new Map([
      ['POD', 'web-1'],
      ['WEB_SERVICE_HOST', '10.0.0.1'],
    ]);
    expect(environmentOf(container, byKubelet, keys, {})).toEqual(
      new Map([
        ['WEB_SERVICE_HOST', '10.0.0.1'],
        ['POD', 'web-1'],
      ]),
    );
  });

  test('leaves out what is optional and not there, and prefers what is given', () => {
    const optional = { name: 'A', valueFrom: { secretKeyRef: { name: 'none', key: 'a', optional: true } } };
    const container = { env: [optional, { name: 'B', value: '1' }, { name: 'C', value: 'of $(B)' }] };
    expect(Object.fromEntries(environmentOf(container, nothing, keys, { B: '2', D: '3' }))).toEqual({
      B: '2',
      C: 'of 2',
      D: '3',
    });
  });
});

test('makes files of keys, all or those that are named', () => {
  expect(filesOf({ name: 'v', secret: { secretName: 'db', defaultMode: 0o400 } }, keys)).toEqual([
    { path: 'password', content: Buffer.from('hunter2'), mode: 0o400 },
    { path: 'user', content: Buffer.from('web'), mode: 0o400 },
  ]);
  const items = [{ key: 'app.yaml', path: 'conf/app.yaml' }];
  expect(filesOf({ name: 'v', projected: { sources: [{ configMap: { name: 'web', items } }] } }, keys)).toEqual([
    { path: 'conf/app.yaml', content: Buffer.from('a: 1'), mode: 0o644 },
  ]);
  expect(filesOf({ name: 'v', emptyDir: {} }, keys)).toBeNull();
});

test.each([
  ['256Mi', 268_435_456],
  ['1G', 1_000_000_000],
  ['1500m', 1.5],
  ['64k', 64_000],
  [undefined, null],
  ['much', null],
])('reads %s of memory', (quantity, expected) => {
  expect(bytes(quantity)).toBe(expected);
});

describe('what can not be run', () => {
  const means = { hasProgram: (name: string) => name === 'web', keys, given: {}, mounts: true as const };
  const web = { name: 'web' };

  test('is nothing of a pod whose parts are all at hand', () => {
    const container = {
      ...web,
      env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }],
      volumeMounts: [
        { name: 'v', mountPath: '/etc/web' },
        { name: 'tmp', mountPath: '/tmp' },
      ],
      readinessProbe: { tcpSocket: { port: 80 } },
    };
    const volumes = [
      { name: 'v', configMap: { name: 'web' } },
      { name: 'tmp', emptyDir: {} },
    ];
    expect(refusals({ containers: [container], volumes }, means)).toEqual([]);
  });

  test.each([
    [
      'a container without a program',
      { containers: [web, { name: 'proxy' }] },
      ['containers[1] is proxy, for which there is no program', '--command'],
    ],
    [
      'an init container without one',
      { containers: [web], initContainers: [{ name: 'migrate' }] },
      ['initContainers[0] is migrate'],
    ],
    [
      'a gRPC probe',
      { containers: [{ ...web, livenessProbe: { grpc: { port: 1 } } }] },
      ['containers[0].livenessProbe.grpc'],
    ],
    [
      'a key that is nowhere',
      { containers: [{ ...web, env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'db', key: 'none' } } }] }] },
      ['containers[0].env KEY is key none of Secret db', '--env-file'],
    ],
    [
      'all keys of an object that is nowhere',
      { containers: [{ ...web, envFrom: [{ secretRef: { name: 'none' } }] }] },
      ['containers[0].envFrom is Secret none'],
    ],
    [
      'a claim',
      {
        containers: [{ ...web, volumeMounts: [{ name: 'v', mountPath: '/data' }] }],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }],
      },
      ['/data is a volume of kind persistentVolumeClaim'],
    ],
    [
      'a token of the cluster',
      {
        containers: [{ ...web, volumeMounts: [{ name: 'v', mountPath: '/t' }] }],
        volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }],
      },
      ['/t is a volume with a serviceAccountToken'],
    ],
    [
      'files of an object that is nowhere',
      {
        containers: [{ ...web, volumeMounts: [{ name: 'v', mountPath: '/c' }] }],
        volumes: [{ name: 'v', secret: { secretName: 'none' } }],
      },
      ['/c is Secret none'],
    ],
  ])('names %s', (_what, pod, words) => {
    const [said = '', ...more] = refusals(pod, means);
    for (const word of words) expect(said).toContain(word);
    expect(more).toEqual([]);
  });

  test('is a mounted file where nothing can be mounted, and no empty folder', () => {
    const container = {
      ...web,
      volumeMounts: [
        { name: 'v', mountPath: '/etc/web' },
        { name: 'tmp', mountPath: '/tmp' },
      ],
    };
    const volumes = [
      { name: 'v', configMap: { name: 'web' } },
      { name: 'tmp', emptyDir: {} },
    ];
    expect(refusals({ containers: [container], volumes }, { ...means, mounts: 'no namespaces.' })).toEqual([
      expect.stringContaining("/etc/web can't be mounted here: no namespaces."),
    ]);
  });

  test('is not a variable that is given', () => {
    const env = [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'none', key: 'k' } } }];
    expect(refusals({ containers: [{ ...web, env }] }, { ...means, given: { KEY: 'x' } })).toEqual([]);
  });
});
