import { expect, test } from 'vitest';
import { markdown } from '../../../../release/review/formats/markdown.ts';
import { allowed, nothing, refused } from './sample.ts';

test('writes an entry for each finding, and no word of it as Markdown', () => {
  expect(markdown(refused)).toBe(`### Guard

Refused: 1 finding stands against this change.

- ❌ **replicas-lost** at \`manifests/staging/web.yaml:41\`: Deployment web-staging/web asks for 1 replicas, 100% too few \\<now\\>: raise replicas.
- A note, 100% true.

To allow a rule, add to the message of a commit of this branch: Guard-Allowed: RULE: why. docs/guard.md tells what each rule is about.
`);
});

test('says what is allowed, by which commit and why', () => {
  expect(markdown(allowed)).toContain(
    '- ⚠️ **replicas-lost** at `manifests/staging/web.yaml:41`: Deployment web-staging/web is allowed by `a1b2c3d`: nobody \\*uses\\* it\n',
  );
});

test('says that there is nothing', () => {
  expect(markdown(nothing)).toBe('### Guard\n\nPassed: nothing in this change costs requests or data.\n');
});
