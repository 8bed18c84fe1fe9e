import { expect, test } from 'vitest';
import { lastTargets, runningIn } from '../../pipeline/changes.ts';
import { larger, settings } from '../settings/sample.ts';

test('what people use is at the end of each chain', () => {
  expect(lastTargets(settings)).toEqual(['production/web']);
  expect(lastTargets(larger)).toEqual(['production/web', 'production/api']);
  const forked = {
    ...settings,
    environments: [...settings.environments, { name: 'demo' }, { name: 'eu', after: 'staging' }],
  };
  expect(lastTargets(forked)).toEqual(['production/web', 'demo/web', 'eu/web']);
});

test('is what the pins say, and nothing before the first release', () => {
  const source = 'a'.repeat(40);
  const image = `registry.example.com:5000/api:1.0.0@sha256:${'0'.repeat(64)}`;
  expect(runningIn(lastTargets(larger), larger, new Map([['production/api', { image, source }]]))).toEqual([
    { service: 'api', environment: 'production', image, registry: 'registry.example.com:5000', source, context: '.' },
  ]);
});
