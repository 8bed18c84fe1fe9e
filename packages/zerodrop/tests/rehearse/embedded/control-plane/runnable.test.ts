import { expect, test } from 'vitest';
import {
  fromRunnable,
  hooksOf,
  initContainersOf,
  toRunnable,
} from '../../../../src/rehearse/embedded/control-plane/objects.ts';

const container = {
  name: 'web',
  lifecycle: {
    preStop: { exec: { command: ['sh', '-c', 'sleep 5'] } },
    postStart: { httpGet: { path: '/warm', port: 80 } },
  },
};
const deployment = {
  spec: {
    replicas: 2,
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [container, { name: 'beside' }], initContainers: [{ name: 'prepare' }] },
    },
  },
};

test('is what it was once it comes back', () => {
  expect(fromRunnable(toRunnable(deployment))).toEqual(deployment);
});

test('leaves nothing that the embedded cluster can not run', () => {
  const { template } = toRunnable(deployment).spec;
  expect(template.spec).not.toHaveProperty('initContainers');
  expect(initContainersOf(template)).toEqual([{ name: 'prepare' }]);
  expect(hooksOf(template.spec.containers[0])).toEqual([{ port: 65_535, command: ['sh', '-c', 'sleep 5'] }]);
});

test('leaves a patch of something else as it is', () => {
  expect(toRunnable({ spec: { replicas: 3 } })).toEqual({ spec: { replicas: 3 } });
});

test('takes init containers away where a patch does', () => {
  const patch = toRunnable({ spec: { template: { spec: { initContainers: null } } } });
  expect(patch).toMatchObject({
    spec: { template: { metadata: { annotations: { 'zerodrop/init-containers': null } } } },
  });
});
