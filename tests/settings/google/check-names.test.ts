import { expect, test } from 'vitest';
import { checkGoogle } from '../../../settings/google.ts';
import { problems } from './sample.ts';

test.each([
  {},
  { size: 'production' },
  { size: 'demo' },
  { size: 'demo', zone: 'asia-southeast2-c' },
  { name: 'a' },
  { name: 'abcdefghijklmnopqrstuvw' },
  { stateBucket: 'example_state-1' },
])('takes %j', (change) => {
  expect(problems(change)).toEqual([]);
});

test.each([
  [{ project: 'Example' }, "google.project is 'Example', expected a project id: 6 to 30 lower case letters"],
  [
    { region: 'europe-west1-b' },
    "google.region is 'europe-west1-b', expected a region such as 'europe-west1', not a zone.",
  ],
  [{ region: 'mars' }, "google.region is 'mars', expected a region"],
  [{ size: 'large' }, "google.size is 'large', expected production or demo."],
  [
    { zone: 'asia-southeast2-a' },
    "google.zone is 'asia-southeast2-a', but a production cluster takes three zones of its region. Leave it out, or set google.size to demo.",
  ],
  [
    { size: 'demo', zone: 'europe-west1-b' },
    "google.zone is 'europe-west1-b', expected a zone of google.region such as 'asia-southeast2-b'.",
  ],
  [{ size: 'demo', zone: 'b' }, "google.zone is 'b', expected a zone of google.region such as 'asia-southeast2-b'."],
  [
    { name: 'abcdefghijklmnopqrstuvwx' },
    "google.name is 'abcdefghijklmnopqrstuvwx', expected a name of lower case letters, digits and hyphens",
  ],
  [{ name: 'Zero' }, "google.name is 'Zero', expected a name"],
  [
    { name: 'gcp' },
    "google.name is 'gcp', but Google keeps names of identity pools that begin with 'gcp-' for itself.",
  ],
  [{ stateBucket: 'ab' }, "google.stateBucket is 'ab', expected 3 to 63 lower case letters"],
  [{ stateBucket: 'my-google-state' }, "google.stateBucket is 'my-google-state', but Google keeps names with 'goog'"],
  [
    { project: 'goog-example' },
    "google.stateBucket is missing, and its default 'goog-example-zerodrop-state' holds 'goog'",
  ],
  [{ zones: 3 }, 'google.zones is not a setting. Use one of project, region, size,'],
])('refuses %j', (change, sentence) => {
  expect(problems(change)).toEqual([expect.stringContaining(sentence)]);
});

test.each(['us-central1', 'europe-west10', 'northamerica-northeast1'])('takes the region %s', (region) => {
  expect(problems({ region })).toEqual([]);
});

test.each(['short', 'example-project-', '1-example', 'a'.repeat(31)])('refuses the project %s', (project) => {
  expect(problems({ project })).toEqual([expect.stringContaining(`google.project is '${project}', expected`)]);
});

test('asks for an object', () => {
  expect(checkGoogle(undefined)).toEqual(['google is missing, expected an object with project and region.']);
});
