import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { onOff, readEnvironment, share, wholeNumber, words } from '../../service/environment.ts';
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

test('docs/how-to/run-the-service.md has every variable that the service reads, with what holds unless it is set', () => {
  const asked = new Set<string>();
  const variables = new Proxy<Record<string, string>>(
    {},
    {
      get: (_, name) => {
        asked.add(String(name));
        return name === 'FAULTS' ? 'on' : undefined;
      },
    },
  );
  const { port, managementPort, drainMs, shutdownLimitMs, dependencyDelayMs } = readEnvironment(
    variables,
    'host',
    noFaults,
  );
  const text = readFileSync('docs/how-to/run-the-service.md', 'utf8');
  const rows = new Map(
    [...text.matchAll(/^\| `([A-Z_]+)` \|.*\| (.*) \|$/gm)].map(([, name = '', usual]) => [name, usual]),
  );

  expect([...rows.keys()].toSorted()).toEqual([...asked].toSorted());
  expect(Object.fromEntries(rows)).toMatchObject({
    PORT: String(port),
    MANAGEMENT_PORT: String(managementPort),
    DRAIN_MS: String(drainMs),
    SHUTDOWN_LIMIT_MS: String(shutdownLimitMs),
    DEPENDENCY_DELAY_MS: String(dependencyDelayMs),
  });
});

test('falls back where nothing is set', () => {
  expect(wholeNumber({}, 'N', 5, 10)).toBe(5);
  expect(share({}, 'S', 0.5)).toBe(0.5);
  expect(onOff({}, 'O', true)).toBe(true);
  expect(words({}, 'W', 'me', 'itself')).toBe('me');
});

test.each(['', ' ', 'abc', '-1', '1.5', '1e3', '0x10', '11', 'Infinity'])('takes %o for no number up to 10', (text) => {
  expect(() => wholeNumber({ N: text }, 'N', 5, 10)).toThrow(
    `N is ${JSON.stringify(text)}, but it must be a whole number from 0 to 10. Leave it out for 5.`,
  );
});

test.each(['0', '10', '007'])('takes %o for a number up to 10', (text) => {
  expect(wholeNumber({ N: text }, 'N', 5, 10)).toBe(Number(text));
});

test.each(['', '1.1', '-0.1', '50%', 'NaN'])('takes %o for no share', (text) => {
  expect(() => share({ S: text }, 'S', 0)).toThrow(
    `S is ${JSON.stringify(text)}, but it must be a number from 0 to 1.`,
  );
});

test.each(['0', '1', '.5', '0.25', '1.0'])('takes %o for a share', (text) => {
  expect(share({ S: text }, 'S', 0)).toBe(Number(text));
});

test('knows on and off, and no other word', () => {
  expect(onOff({ O: 'on' }, 'O', false)).toBe(true);
  expect(onOff({ O: 'off' }, 'O', true)).toBe(false);
  expect(() => onOff({ O: 'yes' }, 'O', false)).toThrow('O is "yes", but it must be on or off. Leave it out for off.');
});

test('takes no empty text', () => {
  expect(words({ W: 'you' }, 'W', 'me', 'itself')).toBe('you');
  expect(() => words({ W: ' ' }, 'W', 'me', 'itself')).toThrow(
    'W is " ", but it must be a text. Leave it out for itself.',
  );
});
