import { expect, test } from 'vitest';
import { findingsText } from '../../../pipeline/doctor/finding.ts';
import { googleFindings } from '../../../pipeline/doctor/google.ts';
import { neededQuotas } from '../../../pipeline/doctor/limits.ts';
import { resolveGoogle } from '../../../settings/google/resolve.ts';
import { addresses, google, googleRefused, policyAddress } from './recorded-google.ts';
import { asking, type Recorded } from './recorded.ts';

const github = { ownerId: '4711', repositoryId: '815' };
const resolved = resolveGoogle({ project: 'acme-1', region: 'europe-west4', github });

/** What is not as it should be where these answers are others, a line each. */
async function found(others: Recorded = {}, of = resolved): Promise<readonly string[]> {
  const findings = await googleFindings(asking(google, others), of);
  return findings.flatMap(({ state, about, says, mend }) =>
    state === 'ok' ? [] : [`${state} ${about}: ${says} -> ${mend?.split('\n')[0]}`],
  );
}

const withChanges = (address: string, changes: object): Recorded => ({
  [address]: { ...Object(google[address]), ...changes },
});
const gone = googleRefused(404, 'Requested entity was not found.', 'NOT_FOUND');

test('finds nothing where everything is there', async () => {
  expect(await found()).toEqual([]);
});

test('a project that is not there, whose login has expired, or that nobody pays for', async () => {
  const denied = googleRefused(403, 'The caller does not have permission, or it may not exist.', 'PERMISSION_DENIED');
  expect(await found({ [addresses.project]: denied })).toEqual([
    expect.stringMatching(
      /^missing Google: project acme-1: it can't be read: it answers 403: The caller .* -> gcloud projects create acme-1/,
    ),
  ]);
  const expired = googleRefused(401, 'Request had invalid authentication credentials.', 'UNAUTHENTICATED');
  expect(await found({ [addresses.project]: expired })).toEqual([
    expect.stringContaining('-> gcloud auth login --update-adc'),
  ]);
  expect(await found({ [addresses.project]: { status: 0, body: null } })).toEqual([
    expect.stringContaining('unknown Google: login'),
  ]);
  expect(await found(withChanges(addresses.billing, { billingAccountName: '', billingEnabled: false }))).toEqual([
    expect.stringMatching(/^missing Google: billing: .* -> gcloud billing projects link acme-1/),
  ]);
  expect(await found({}, { ...resolved, project: 'example-project' })).toEqual([
    expect.stringContaining("settings.ts names the example's."),
  ]);
});

test('a new project, in which no service is on', async () => {
  const off = googleRefused(
    403,
    'Compute Engine API has not been used in project 1 before or it is disabled.',
    'PERMISSION_DENIED',
  );
  const services = { services: [{ name: 'projects/1/services/iam.googleapis.com', state: 'DISABLED' }] };
  const missing = await found({
    [addresses.project]: off,
    [addresses.services]: services,
    [addresses.compute]: off,
    [addresses.bucket]: gone,
    [addresses.pool]: gone,
    [addresses.cluster]: gone,
  });
  expect(missing).toEqual([
    'missing Google: services: iam.googleapis.com is off. -> docs/how-to/bring-up.md, step 3: apply the stack bootstrap.',
    expect.stringMatching(/^unknown Google: quotas: they can't be read: it answers 403: Compute Engine API has not/),
    'missing Google: bucket acme-1-zerodrop-state: it does not exist; Terraform keeps its state there. -> docs/how-to/bring-up.md, step 3: apply the stack bootstrap.',
    'missing Google: federation: it does not exist. -> docs/how-to/bring-up.md, step 3: apply the stack bootstrap.',
    'missing Google: cluster zerodrop: there is none in europe-west4. -> docs/how-to/bring-up.md, step 5: apply the stack platform.',
  ]);
});

test('quotas as numbers', async () => {
  expect(neededQuotas(resolved)).toEqual({ CPUS: 24, SSD_TOTAL_GB: 600, IN_USE_ADDRESSES: 4 });
  expect(neededQuotas(resolveGoogle({ project: 'acme-1', region: 'europe-west4', size: 'demo' }))).toEqual({
    CPUS: 8,
    SSD_TOTAL_GB: 120,
    IN_USE_ADDRESSES: 3,
  });
  const quotas = [
    { metric: 'CPUS', limit: 24, usage: 1 },
    { metric: 'SSD_TOTAL_GB', limit: 600, usage: 0 },
  ];
  expect(await found(withChanges(addresses.compute, { quotas }))).toEqual([
    expect.stringMatching(/^missing Google: quota CPUS: 24 needed, 24 allowed, 1 in use in europe-west4\./),
    expect.stringMatching(/^unknown Google: quota IN_USE_ADDRESSES/),
  ]);
});

test.each([
  ['iam.workloadIdentityPoolProviders', { denyAll: true }, 'it allows nothing'],
  [
    'iam.workloadIdentityPoolProviders',
    { values: { allowedValues: ['https://gitlab.com'] } },
    'it allows https://gitlab.com',
  ],
  ['gcp.resourceLocations', { values: { allowedValues: ['in:us-locations'] } }, 'it allows in:us-locations'],
])('an organisation policy %s that is in the way', async (constraint, rule, words) => {
  const policy = { name: `projects/1/policies/${constraint}`, spec: { rules: [rule] } };
  expect(await found({ [policyAddress(constraint)]: policy })).toEqual([
    expect.stringMatching(new RegExp(`^missing Google: policy ${constraint}: ${words}.* -> Ask your organisation's`)),
  ]);
});

test('an organisation policy that allows what is needed', async () => {
  const constraint = 'iam.workloadIdentityPoolProviders';
  const rules = [{ values: { allowedValues: ['https://token.actions.githubusercontent.com'] } }];
  expect(await found({ [policyAddress(constraint)]: { name: 'x', spec: { rules } } })).toEqual([]);
});

test.each([
  [{ location: 'US' }, 'it is in US, and google.region is europe-west4.'],
  [{ versioning: undefined }, 'it keeps no older versions'],
  [{ iamConfiguration: { publicAccessPrevention: 'inherited' } }, 'it may be made public.'],
])('a bucket that is %j', async (changes, words) => {
  expect(await found(withChanges(addresses.bucket, changes))).toEqual([expect.stringContaining(words)]);
});

test('a federation that lets others in, or was deleted', async () => {
  const provider = `${addresses.pool}/providers/github`;
  expect(await found(withChanges(provider, { attributeCondition: "assertion.repository_owner_id == '1'" }))).toEqual([
    expect.stringContaining('it lets in other jobs than those of the repository 815.'),
  ]);
  expect(await found(withChanges(addresses.pool, { state: 'DELETED' }))).toEqual([
    expect.stringContaining('-> gcloud iam workload-identity-pools undelete zerodrop-github --location=global'),
  ]);
  expect(await found({}, { ...resolved, github: null })).toEqual([
    expect.stringContaining('no workflow gets an identity'),
  ]);
});

const finding = (state: 'ok' | 'missing' | 'unknown', mend: string | null) => ({
  state,
  about: state,
  says: 'so.',
  mend,
});

test('lists what is missing first, each with what mends it', () => {
  expect(findingsText([finding('ok', null), finding('unknown', 'look'), finding('missing', 'one\ntwo')])).toBe(
    'missing  missing: so.\n         one\n         two\nunknown  unknown: so.\n         look\nok       ok: so.\n\n1 missing, 1 unknown, 1 ok.\n',
  );
});
