import { expect, test } from 'vitest';
import { environmentNameProblems, serviceProblems } from '../../settings/check-name.ts';

test.each(['web', 'w', 'my-service-2', 'a'.repeat(40)])('takes the service %s', (name) => {
  expect([...serviceProblems(name)]).toEqual([]);
});

test.each([
  ['Web', "service is 'Web', expected a name of lower case letters"],
  ['web-', "service is 'web-', expected"],
  ['2web', "service is '2web', expected"],
  ['web_api', "service is 'web_api', expected"],
  ['a'.repeat(41), 'at most 40 characters'],
  [undefined, 'service is missing, expected'],
  [3, 'service is 3, expected'],
  ['default', "service is 'default', a name that is already taken"],
  ['root', "service is 'root', a name that is already taken"],
  ['namespace', "service is 'namespace', a name that is already taken"],
])('refuses the service %s', (name, sentence) => {
  expect([...serviceProblems(name)]).toEqual([expect.stringContaining(sentence)]);
});

test('takes the name of an environment', () => {
  expect([...environmentNameProblems('production-eu')]).toEqual([]);
});

test.each([
  ['Production', "environments has 'Production', expected a name of lower case letters"],
  ['1', "environments has '1', expected"],
  ['production-of-the-whole', 'at most 20 characters'],
  ['project', 'argocd/project.yaml is the project'],
])('refuses the environment %s', (name, sentence) => {
  expect([...environmentNameProblems(name)]).toEqual([expect.stringContaining(sentence)]);
});
