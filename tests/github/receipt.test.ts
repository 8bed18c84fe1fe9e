import { expect, test } from 'vitest';
import { predicateType } from 'zerodrop/verify';
import { receiptSignerOf } from '../../cluster/identities.ts';
import { sources, workflow } from './workflows.ts';

const { steps = [], permissions } = workflow('verify-target').jobs['verify'] ?? {};
const at = (what: (step: (typeof steps)[number]) => boolean): number => steps.findIndex(what);
const signs = at(({ name }) => name === 'sign the receipt');

test('a receipt is signed as what the promotion asks for, by the workflow that it trusts', () => {
  expect(steps[signs]?.with).toMatchObject({ 'predicate-type': predicateType });
  const { subject } = receiptSignerOf('https://github.com/example/zerodrop');
  const signing = sources.filter((source) => source.steps.some(({ name }) => name === 'sign the receipt'));
  expect(signing.map(({ file }) => `https://github.com/example/zerodrop/${file}@refs/heads/main`)).toEqual([subject]);
  expect(permissions).toMatchObject({ 'id-token': 'write', attestations: 'write' });
});

test('a rollout that lost requests has its receipt signed, before the promotion is offered', () => {
  const verified = at(({ id }) => id === 'verify');
  const told = at(({ id }) => id === 'receipt');
  const promoted = at(({ run = '' }) => run.includes('release -- promote'));
  expect([verified, told, signs, promoted]).toEqual([verified, told, signs, promoted].toSorted((a, b) => a - b));
  expect(verified).toBeGreaterThan(0);
  for (const step of [steps[told], steps[signs]]) expect(step?.if).toContain('!cancelled()');
  // What failed is not promoted: the step has no condition of its own.
  expect(steps[promoted]?.if).toBeUndefined();
  expect(steps[promoted]?.env).toMatchObject({ ATTESTATIONS_TOKEN: '${{ github.token }}' });
});

test('what writes a receipt at GitHub is the token of the run, and not that of the App', () => {
  expect(steps.find(({ id }) => id === 'receipt')?.env).toMatchObject({ GH_TOKEN: '${{ github.token }}' });
});
