import { expect, test } from 'vitest';
import type { RolloutRequest } from '../../../apps/lossless/arithmetic.ts';
import { containerProblems, rollout } from '../../../apps/lossless/problems.ts';
import { SettingsError } from '../../../settings/sentences.ts';

const asked = { replicas: 3, exposure: 'load-balancer' } as const;

test.each([
  [{ startupSeconds: 0 }, 'startupSeconds is 0. Set it to a whole number of 1 or more.'],
  [{ startupSeconds: -5 }, 'startupSeconds is -5. Set it to a whole number of 1 or more.'],
  [{ longestRequestSeconds: -20 }, 'longestRequestSeconds is -20. Set it to a number of 0 or more.'],
  [{ longestRequestSeconds: Number.NaN }, 'longestRequestSeconds is NaN. Set it to a number of 0 or more.'],
  [{ drainSeconds: Number.POSITIVE_INFINITY }, 'drainSeconds is Infinity. Set it to a number of 0 or more.'],
  [{ minReadySeconds: 0.5 }, 'minReadySeconds is 0.5. Set it to a whole number of 0 or more.'],
  [{ terminationGracePeriodSeconds: 0 }, 'terminationGracePeriodSeconds is 0. Set it to a whole number of 1 or more.'],
  [{ progressDeadlineSeconds: -1 }, 'progressDeadlineSeconds is -1. Set it to a whole number of 1 or more.'],
  [{ replicas: 1 }, 'replicas is 1, but a rollout without loss needs at least 2. Set it to 2 or more.'],
  [
    { maxSurge: 0 },
    'maxSurge and maxUnavailable are both 0, so that no pod could ever be replaced, and Kubernetes refuses it. Set maxSurge to 1 or more.',
  ],
  [
    { maxUnavailable: 1 },
    'maxUnavailable is 1 and maxSurge 1, which lets 1 of 3 pods stop before their successors serve. Set maxUnavailable to 0 and maxSurge to 1 or more.',
  ],
  [
    { replicas: 10, maxUnavailable: '25%' },
    'maxUnavailable is 25% and maxSurge 1, which lets 2 of 10 pods stop before their successors serve. Set maxUnavailable to 0 and maxSurge to 1 or more.',
  ],
  [
    { maxSurge: '0%', maxUnavailable: '10%' },
    'maxUnavailable is 10% and maxSurge 0%, which lets 1 of 3 pods stop before their successors serve. Set maxUnavailable to 0 and maxSurge to 1 or more.',
  ],
  [
    { drainSeconds: 14 },
    'drainSeconds is 14, but with exposure load-balancer requests reach a stopping pod for up to 15 s. Set it to 15 or more, or leave it out.',
  ],
  [
    { drainSeconds: 5, endpointLagSeconds: 8 },
    'drainSeconds is 5, but with exposure load-balancer requests reach a stopping pod for up to 10 s. Set it to 10 or more, or leave it out.',
  ],
  [
    { terminationGracePeriodSeconds: 29 },
    'terminationGracePeriodSeconds is 29, but a drain of 15 s, a request of 10 s and 5 s to spare need 30. Set it to 30 or more, or leave it out.',
  ],
  [
    { preStop: { exec: ['drain'], seconds: 14 } },
    'preStop.seconds is 14, but with exposure load-balancer requests reach a stopping pod for up to 15 s. Set it to 15 or more, or leave it out.',
  ],
  [
    { sidecars: [{ stopSeconds: 7 }], terminationGracePeriodSeconds: 36 },
    'terminationGracePeriodSeconds is 36, but a drain of 15 s, a request of 10 s, sidecars that end within 7 s and 5 s to spare need 37. Set it to 37 or more, or leave it out.',
  ],
  [
    { autoscale: { min: 2, max: 30 }, maxUnavailable: '10%' },
    'maxUnavailable is 10% and maxSurge 1, which lets 3 of 30 pods stop before their successors serve. Set maxUnavailable to 0 and maxSurge to 1 or more.',
  ],
  [
    { exposure: 'gateway', endpointLagSeconds: 3_590 },
    "exposure is 'gateway', but Google's load balancer leaves a connection open for 3600 s at most, and a drain of 3592 s and a request of 10 s need 3602. Lower endpointLagSeconds or longestRequestSeconds.",
  ],
  [
    { progressDeadlineSeconds: 67 },
    'progressDeadlineSeconds is 67, but a good pod may take 67 s to become available. Set it above 67, or leave it out.',
  ],
] satisfies [Partial<RolloutRequest>, string][])('refuses %j', (change, sentence) => {
  expect(() => rollout({ ...asked, ...change })).toThrow(new SettingsError([sentence], undefined, null));
});

test.each([
  { maxSurge: 3 },
  { drainSeconds: 15 },
  { drainSeconds: 5, endpointLagSeconds: 3 },
  { terminationGracePeriodSeconds: 30 },
  { progressDeadlineSeconds: 68 },
  { unchecked: { because: 'x', maxUnavailable: 1, drainSeconds: 1 } },
])('lets %j pass', (change) => {
  expect(() => rollout({ ...asked, ...change })).not.toThrow();
});

test('says all that does not hold at once', () => {
  expect(() => rollout({ ...asked, drainSeconds: 1, terminationGracePeriodSeconds: 5 })).toThrow(
    /^drainSeconds is 1.*\nterminationGracePeriodSeconds is 5/,
  );
});

test('refuses unchecked values that Kubernetes would not take', () => {
  expect(() => rollout({ ...asked, unchecked: { because: 'x', maxSurge: 0 } })).toThrow(/are both 0/);
});

const request = {
  port: 8080,
  managementPort: 9090,
  cpu: '100m',
  memory: '256Mi',
  env: { LEVEL: 'info' },
};
const derived = [
  { name: 'PORT', value: '8080' },
  { name: 'LATER', value: '1' },
];

test('says nothing of a good container', () => {
  expect([...containerProblems(request, derived)]).toEqual([]);
});

test.each([
  [{ port: 70_000 }, 'port is 70000. Set it to a whole number from 1 to 65535.'],
  [{ port: 0 }, 'port is 0. Set it'],
  [{ managementPort: 65_536 }, 'managementPort is 65536. Set it'],
  [{ managementPort: 8080 }, 'managementPort is 8080, the port of requests as well. Set it to another.'],
  [{ port: Number.NaN }, 'port is NaN. Set it'],
  [{ port: 80.5 }, 'port is 80.5. Set it'],
  [{ memory: '256m' }, "memory is '256m', which is 0.256 bytes: m is a fraction. Write 256Mi for mebibytes."],
  [{ memory: '64' }, "memory is '64', which is only 64 bytes of memory. Write 64Mi for mebibytes."],
  [{ memory: '256mi' }, "memory is '256mi'. Expected a quantity"],
  [{ cpu: '0.1m' }, "cpu is '0.1m', but a CPU is shared out in thousandths. Set it to a multiple of 1m."],
  [{ cpu: '100' }, "cpu is '100', which is 100 whole CPUs. Write 100m"],
  [{ env: { PORT: '1' } }, 'env sets PORT, which follows from the other values and is set already.'],
  [{ env: { LATER: '1' } }, 'env sets LATER, which follows'],
  [{ port: null, managementPort: 0 }, 'managementPort is 0. Set it'],
])('refuses %j', (change, sentence) => {
  expect([...containerProblems({ ...request, ...change }, derived)]).toEqual([expect.stringContaining(sentence)]);
});

test.each([
  ['PORT', 'config sets PORT, which follows from the other values and is set already. Remove it from config.'],
  ['LEVEL', 'config sets LEVEL, and so does env, which is taken. Keep one of them.'],
])('refuses %s in the configuration', (name, sentence) => {
  expect([...containerProblems(request, derived, { [name]: '1' })]).toEqual([sentence]);
});
