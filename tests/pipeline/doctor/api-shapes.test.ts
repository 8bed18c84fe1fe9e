import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { gitHub } from './answers.ts';
import { google } from './google-answers.ts';

/** The values that a field may have, or its type; several for one of them. */
type Kind = string | null | readonly (string | null)[];

interface Shape {
  readonly fields: Readonly<Record<string, Kind>>;
}

const shapes: Readonly<Record<'google' | 'gitHub', Readonly<Record<string, Shape>>>> = JSON.parse(
  readFileSync(new URL('api-shapes.json', import.meta.url), 'utf8'),
);

/** What an answer has in its fields, by their paths. */
function leaves(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.flatMap((one) => leaves(one, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, path === '' ? key : `${path}.${key}`));
}

function parts(address: string): readonly string[] {
  return (address.split('?')[0] ?? '').split('/');
}

/** The shape of what is at an address. A part of it that is `*` stands for any. */
function shapeAt(address: string, all: Readonly<Record<string, Shape>>): Shape | undefined {
  const found = Object.entries(all).filter(([pattern]) => {
    const [own, wanted] = [parts(address), parts(pattern)];
    const isSame = (part: string, index: number): boolean =>
      new RegExp(`^${part.replaceAll('.', String.raw`\.`).replaceAll('*', '[^/]+')}$`).test(own[index] ?? '');
    return own.length === wanted.length && wanted.every(isSame);
  });
  // The one with the fewest wild parts.
  return found.toSorted(([one], [other]) => one.split('*').length - other.split('*').length)[0]?.[1];
}

function isOf(value: unknown, kind: Kind | undefined): boolean {
  const kinds = typeof kind === 'string' || kind === null ? [kind] : (kind ?? []);
  return kinds.some((one) => one === value || (one !== null && one === typeof value));
}

test.each([
  ['Google', google, shapes.google],
  ['GitHub', gitHub, shapes.gitHub],
])('the answers of %s have the shapes that it publishes', (_, answers, all) => {
  const wrong = Object.entries(answers).flatMap(([address, body]) => {
    const shape = shapeAt(address, all);
    if (shape === undefined) return [`${address}: no shape`];
    return leaves(JSON.parse(JSON.stringify(body)))
      .filter(([path, value]) => !isOf(value, shape.fields[path]) && !path.startsWith('permissions.'))
      .map(([path, value]) => `${address}: ${path} is ${JSON.stringify(value)}`);
  });

  expect(wrong).toEqual([]);
});

test('a field that an API does not have, and a value that it never gives, are noticed', () => {
  const { fields } = shapes.google[
    'https://iam.googleapis.com/v1/projects/*/locations/global/workloadIdentityPools/*'
  ] ?? {
    fields: {},
  };
  expect([isOf('ACTIVE', fields['state']), isOf('READY', fields['state']), isOf('x', fields['status'])]).toEqual([
    true,
    false,
    false,
  ]);
});
