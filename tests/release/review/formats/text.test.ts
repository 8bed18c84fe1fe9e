import { expect, test } from 'vitest';
import { text } from '../../../../release/review/formats/text.ts';
import { allowed, nothing, refused } from './sample.ts';

test('writes a line for each finding, the verdict and the way out', () => {
  expect(text(refused)).toBe(
    `manifests/staging/web.yaml:41: replicas-lost: Deployment web-staging/web asks for 1 replicas, 100% too few <now>: raise replicas.
A note, 100% true.
Refused: 1 finding stands against this change.
To allow a rule, add to the message of a commit of this branch: Guard-Allowed: RULE: why. docs/guard.md tells what each rule is about.
`,
  );
});

test('says what is allowed, by which commit and why', () => {
  expect(text(allowed)).toBe(
    'manifests/staging/web.yaml:41: replicas-lost: Deployment web-staging/web is allowed by a1b2c3d: nobody *uses* it\nPassed: 1 finding, all of them allowed.\n',
  );
});

test('says that there is nothing', () => {
  expect(text(nothing)).toBe('Passed: nothing in this change costs requests or data.\n');
});
