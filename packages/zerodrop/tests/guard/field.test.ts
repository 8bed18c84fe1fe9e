import { expect, expectTypeOf, test } from 'vitest';
import type { Kinds } from '../../src/guard/model/kinds.ts';
import type { Field } from '../../src/guard/model/object.ts';
import { Reader } from '../../src/guard/read/file.ts';
import { deployment } from './manifests.ts';

const [object] = new Reader().read('a.yaml', deployment).objects;
const field = object?.as('apps/Deployment');

/** The keys that compile as the first step of a path. */
type First<Kind extends keyof Kinds> = Parameters<Field<Kinds[Kind]>['at']>[0];
type Below<Kind extends keyof Kinds> = Parameters<Field<NonNullable<Kinds[Kind]>['spec' & keyof Kinds[Kind]]>['at']>[0];

test('a path that does not exist does not compile', () => {
  expectTypeOf<'spec'>().toExtend<First<'apps/Deployment'>>();
  expectTypeOf<'sepc'>().not.toExtend<First<'apps/Deployment'>>();
  expectTypeOf<'strategy'>().toExtend<Below<'apps/Deployment'>>();
  expectTypeOf<'rollingUpdate'>().not.toExtend<Below<'apps/Deployment'>>();
});

test('a path reads what the file says, and knows where', () => {
  expect(field?.at('spec', 'replicas').number).toBe(3);
  expect(
    field
      ?.at('spec', 'template', 'spec', 'containers')
      .items()
      .map((one) => one.at('name').text),
  ).toEqual(['web']);
  expect(field?.at('spec', 'strategy', 'rollingUpdate', 'maxSurge').keys).toEqual([
    'spec',
    'strategy',
    'rollingUpdate',
    'maxSurge',
  ]);
  expect(field?.at('spec', 'paused').isSet).toBe(false);
  expect(object?.as('/Service')).toBeNull();
});
