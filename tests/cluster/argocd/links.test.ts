import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { links } from '../../../cluster/argocd/links.ts';

test('leads from a Service to its answer', () => {
  const { 'resource.links': text, ...others } = links();
  expect(parse(String(text))).toMatchObject([{ title: 'Version that answers' }]);
  expect(others).toEqual({});
});
