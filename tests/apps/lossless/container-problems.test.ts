import { expect, test } from 'vitest';
import { containerProblems } from '../../../apps/lossless/container-problems.ts';

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
