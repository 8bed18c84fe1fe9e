import { expect, test } from 'vitest';
import { noFaults, parseFaults } from '../../service/faults.ts';

test('reads the faults that are named and leaves the others off', () => {
  expect(parseFaults('--faults', '{}')).toEqual(noFaults);
  expect(parseFaults('--faults', '{"startupDelayMs":1500,"crashAtStart":true}')).toEqual({
    ...noFaults,
    startupDelayMs: 1_500,
    crashAtStart: true,
  });
});

test.each([
  ['{"neverReady":', '--faults is not JSON: {"neverReady":. Write it like {"startupDelayMs":1500}.'],
  ['[]', '--faults is [], but it must be an object like {"startupDelayMs":1500}.'],
  ['null', '--faults is null, but it must be an object like {"startupDelayMs":1500}.'],
  [
    '{"startupDelay":1}',
    '--faults has the unknown fault startupDelay. The faults are startupDelayMs, crashAtStart, neverReady, answerDelayMs, failureRate.',
  ],
  ['{"toString":1}', '--faults has the unknown fault toString.'],
  [
    '{"startupDelayMs":"1500"}',
    '--faults: startupDelayMs is "1500", but it must be whole milliseconds from 0 to 3600000.',
  ],
  ['{"answerDelayMs":-1}', '--faults: answerDelayMs is -1, but it must be whole milliseconds from 0 to 3600000.'],
  ['{"neverReady":"yes"}', '--faults: neverReady is "yes", but it must be true or false.'],
  ['{"failureRate":10}', '--faults: failureRate is 10, but it must be a number from 0 to 1.'],
])('refuses %s', (json, sentence) => {
  expect(() => parseFaults('--faults', json)).toThrow(sentence);
});
