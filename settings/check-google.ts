import { isRecord, says, unknownKeys } from './value.ts';

export function* googleProblems(google: unknown): Generator<string> {
  if (!isRecord(google)) {
    yield `google ${says(google)}, expected an object with project and region.`;
    return;
  }
  yield* unknownKeys('google.', google, ['project', 'region']);
  const { project, region } = google;
  if (typeof project !== 'string' || !/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project)) {
    yield `google.project ${says(project)}, expected a project id: 6 to 30 lower case letters, digits and hyphens, a letter first.`;
  }
  if (typeof region !== 'string' || !/^[a-z]+-[a-z]+\d{1,2}$/.test(region)) {
    yield `google.region ${says(region)}, expected a region such as 'europe-west1', not a zone.`;
  }
}
