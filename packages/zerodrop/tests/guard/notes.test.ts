import { expect, test } from 'vitest';
import { judge, type Profile } from '../../src/guard/index.ts';
import { configuration, deployment } from './manifests.ts';
import { inFolder } from './sample.ts';

/** The folder with a ConfigMap whose name ends in a hash. */
function hashed(hash: string, more = ''): ReadonlyMap<string, string> {
  const renamed = (one: string): string =>
    one === configuration
      ? configuration.replace('name: web\n', `name: web-${hash}\n`).replace('hello', hash)
      : one === deployment
        ? deployment.replace('                  name: web\n', `                  name: web-${hash}\n`)
        : one;
  return new Map([['manifests/production/web.yaml', inFolder(renamed) + more]]);
}

const notes = (after: ReadonlyMap<string, string>, profile: Profile): readonly string[] => {
  const judgement = judge(hashed('5f7d9c8b6t'), after, { profile });
  expect(judgement.findings).toEqual([]);
  return judgement.notes;
};

test('tells what the replacement of a hashed ConfigMap costs while old pods run, and what a revert then waits for', () => {
  const [ofArgo] = notes(hashed('7h2k4m6t9g'), 'lossless');
  expect(ofArgo).toMatch(
    /^ConfigMap shop\/web-5f7d9c8b6t goes in the change that brings ConfigMap shop\/web-7h2k4m6t9g\./,
  );
  expect(ofArgo).toContain('the revert waits behind it');
  expect(notes(hashed('7h2k4m6t9g'), 'any').join('')).not.toMatch(/Argo CD|PruneLast/);
});

test('is silent where the old one stays beside the new one', () => {
  const kept = `---\n${configuration.replace('name: web\n', 'name: web-5f7d9c8b6t\n').replace('hello', '5f7d9c8b6t')}`;
  expect(notes(hashed('7h2k4m6t9g', kept), 'lossless')).toEqual([]);
});
