import { expect, test } from 'vitest';
import { googleProblems } from '../../settings/check-google.ts';

test.each(['asia-southeast2', 'europe-west10', 'us-central1', 'northamerica-northeast1'])(
  'takes the region %s',
  (region) => {
    expect([...googleProblems({ project: 'example-project', region })]).toEqual([]);
  },
);

test.each(['europe-west1-b', 'Europe', 'europe west1', undefined])('refuses the region %s', (region) => {
  expect([...googleProblems({ project: 'example-project', region })]).toEqual([
    expect.stringMatching(/^google\.region is .*, expected a region such as 'europe-west1', not a zone\.$/),
  ]);
});

test.each(['short', 'Example-Project', 'example-project-', '1-example', 'a'.repeat(31)])(
  'refuses the project %s',
  (project) => {
    expect([...googleProblems({ project, region: 'europe-west1' })]).toEqual([
      `google.project is '${project}', expected a project id: 6 to 30 lower case letters, digits and hyphens, a letter first.`,
    ]);
  },
);

test('refuses what is missing or unknown', () => {
  expect([...googleProblems(undefined)]).toEqual(['google is missing, expected an object with project and region.']);
  expect([...googleProblems({ project: 'example-project', region: 'us-east1', zone: 'b' })]).toEqual([
    'google.zone is no setting. Known here: project, region.',
  ]);
});
