import { expect, test } from 'vitest';
import { gitHubAnnotations } from '../../../../release/review/formats/github.ts';
import { allowed, nothing, refused } from './sample.ts';

test('writes an error at the line of the file, escaped as GitHub wants it', () => {
  expect(gitHubAnnotations(refused).split('\n')).toEqual([
    '::error file=manifests/staging/web.yaml,line=41,title=replicas-lost::Deployment web-staging/web asks for 1 replicas, 100%25 too few <now>: raise replicas.%0ATo allow a rule, add to the message of a commit of this branch: Guard-Allowed: RULE: why. docs/guard.md tells what each rule is about.',
    '::warning::A note, 100%25 true.',
    'Refused: 1 finding stands against this change.',
    '',
  ]);
});

test('writes a notice for what is allowed', () => {
  expect(gitHubAnnotations(allowed)).toContain(
    '::notice file=manifests/staging/web.yaml,line=41,title=replicas-lost%2C allowed::Deployment web-staging/web is allowed by a1b2c3d: nobody *uses* it\n',
  );
});

test('escapes a path that would end the annotation', () => {
  const [finding] = refused.standing;
  if (finding === undefined) throw new Error('The sample has no finding.');
  const review = { ...nothing, standing: [{ ...finding, path: 'manifests/a,b:c/web.yaml' }] };
  expect(gitHubAnnotations(review)).toContain('::error file=manifests/a%2Cb%3Ac/web.yaml,line=41,');
});
