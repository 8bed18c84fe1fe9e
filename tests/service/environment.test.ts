import { expect, test } from 'vitest';
import { readEnvironment } from '../../service/environment.ts';
import { noFaults } from '../../service/faults.ts';

const read = (variables: Readonly<Record<string, string>>, baked = noFaults) =>
  readEnvironment(variables, 'this-host', baked);

test('needs nothing to be set', () => {
  expect(read({})).toEqual({
    port: 8080,
    managementPort: 9090,
    host: undefined,
    drainMs: 5_000,
    shutdownLimitMs: 10_000,
    pod: 'this-host',
    dependencyDelayMs: 0,
    faults: noFaults,
  });
});

test('reads what is set', () => {
  const variables = {
    PORT: '9000',
    MANAGEMENT_PORT: '9001',
    HOST: '127.0.0.1',
    DRAIN_MS: '0',
    SHUTDOWN_LIMIT_MS: '2000',
    POD_NAME: 'web-1',
    DEPENDENCY_DELAY_MS: '50',
  };
  expect(read(variables)).toEqual({
    port: 9_000,
    managementPort: 9_001,
    host: '127.0.0.1',
    drainMs: 0,
    shutdownLimitMs: 2_000,
    pod: 'web-1',
    dependencyDelayMs: 50,
    faults: noFaults,
  });
});

test.each([
  ['PORT', 'abc'],
  ['PORT', '65536'],
  ['MANAGEMENT_PORT', '65536'],
  ['MANAGEMENT_PORT', '8080'],
  ['PORT', '9090'],
  ['HOST', ''],
  ['DRAIN_MS', '-1'],
  ['SHUTDOWN_LIMIT_MS', '5s'],
  ['POD_NAME', ''],
  ['DEPENDENCY_DELAY_MS', '3600001'],
  ['FAULTS', '{"neverReady":true}'],
])('stops at %s=%s and names both', (name, value) => {
  expect(() => read({ [name]: value })).toThrow(`${name} is ${JSON.stringify(value)}, but it must be `);
});

const faultVariables = {
  FAULT_STARTUP_DELAY_MS: '1500',
  FAULT_CRASH_AT_START: 'on',
  FAULT_NEVER_READY: 'on',
  FAULT_ANSWER_DELAY_MS: '50',
  FAULT_FAILURE_RATE: '0.1',
};

test('leaves faults alone unless they are switched on', () => {
  expect(read(faultVariables).faults).toEqual(noFaults);
  expect(read({ ...faultVariables, FAULTS: 'off' }).faults).toEqual(noFaults);
});

test('reads faults once they are switched on', () => {
  expect(read({ ...faultVariables, FAULTS: 'on' }).faults).toEqual({
    startupDelayMs: 1_500,
    crashAtStart: true,
    neverReady: true,
    answerDelayMs: 50,
    failureRate: 0.1,
  });
});

test('keeps baked faults on by themselves, and lets a variable go before each', () => {
  const baked = { ...noFaults, neverReady: true, answerDelayMs: 20 };
  expect(read({}, baked).faults).toEqual(baked);
  expect(read({ FAULTS: 'on', FAULT_NEVER_READY: 'off' }, baked).faults).toEqual({ ...baked, neverReady: false });
});
