import { expect, test } from 'vitest';
import { missingFieldType } from '../../../apps/validation/missing-fields.ts';

test('knows a field that the schema misses, at any place of a list', () => {
  expect(missingFieldType('AppProject', 'spec.clusterResourceWhitelist[12].name')).toBe('string');
});

test('knows it for its kind and place alone', () => {
  expect(missingFieldType('Application', 'spec.clusterResourceWhitelist[12].name')).toBeNull();
  expect(missingFieldType('AppProject', 'spec.namespaceResourceWhitelist[0].name')).toBeNull();
});
