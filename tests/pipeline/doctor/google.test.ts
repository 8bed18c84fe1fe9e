import { expect, test } from 'vitest';
import { findingsText } from '../../../pipeline/doctor/finding.ts';
import { googleFindings } from '../../../pipeline/doctor/google.ts';
import { neededQuotas } from '../../../pipeline/doctor/limits.ts';
import { resolveGoogle } from '../../../settings/google/resolve.ts';
import { asking, type Answers } from './answers.ts';
import { accountAddress, addresses, google, googleRefused, policyAddress } from './google-answers.ts';

const github = { ownerId: '4711', repositoryId: '815' };
const resolved = resolveGoogle({ project: 'acme-1', region: 'europe-west4', github });

/** What is not as it should be where these answers are others, a line each. */
async function found(others: Answers = {}, of = resolved): Promise<readonly string[]> {
  const findings = await googleFindings(asking(google, others), of);
  return findings.flatMap(({ state, about, says, mend }) =>
    state === 'ok' ? [] : [`${state} ${about}: ${says} -> ${mend?.split('\n')[0]}`],
  );
}

const withChanges = (address: string, changes: object): Answers => ({
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
    'missing Google: services: iam.googleapis.com is off. -> gcloud services enable iam.googleapis.com --project=acme-1',
    expect.stringMatching(/^unknown Google: quotas: they can't be read: it answers 403: Compute Engine API has not/),
    'missing Google: bucket acme-1-zerodrop-state: it does not exist; Terraform keeps its state there. -> npm run pipeline -- up bootstrap',
    'missing Google: federation: it does not exist. -> npm run pipeline -- up bootstrap',
    'missing Google: cluster zerodrop: there is none in europe-west4. -> npm run pipeline -- up platform',
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

const policy = (constraint: string, ...rules: readonly object[]): Answers => ({
  [policyAddress(constraint)]: { name: `projects/1/policies/${constraint}`, spec: { rules } },
});
const providers = 'iam.workloadIdentityPoolProviders';
const locations = 'gcp.resourceLocations';
const domains = 'iam.allowedPolicyMemberDomains';
const issuer = 'https://token.actions.githubusercontent.com';

test.each([
  ['missing', providers, { denyAll: true }, 'it allows nothing'],
  ['missing', providers, { values: { allowedValues: ['https://gitlab.com'] } }, 'it allows https://gitlab.com'],
  ['missing', providers, { values: { deniedValues: [issuer] } }, `it denies ${issuer}`],
  ['missing', locations, { values: { allowedValues: ['us-east1'] } }, 'it allows us-east1'],
  ['missing', locations, { values: { deniedValues: ['in:europe-west4-locations'] } }, 'it denies in:europe-west4'],
  // Which regions a group has, and which identities a customer's id stands for, only Google knows.
  ['unknown', locations, { values: { allowedValues: ['in:eu-locations'] } }, 'it allows in:eu-locations'],
  ['unknown', domains, { values: { allowedValues: ['C03abcdef'] } }, 'it allows C03abcdef'],
  ['missing', 'iam.disableServiceAccountCreation', { enforce: true }, 'it is enforced, so no service account'],
])('%s: an organisation policy %s with %j', async (state, constraint, rule, words) => {
  expect(await found(policy(constraint, rule))).toEqual([
    expect.stringMatching(new RegExp(`^${state} Google: policy ${constraint}: ${words}.* -> Ask your organisation's`)),
  ]);
});

test.each([
  [providers, { values: { allowedValues: ['https://gitlab.com', `is:${issuer}`] } }],
  [providers, { values: { deniedValues: ['https://gitlab.com'] } }],
  [locations, { values: { allowedValues: ['in:us-locations', 'in:europe-west4-locations'] } }],
  [domains, { values: { allowedValues: ['is:principalSet://iam.googleapis.com/organizations/4711'] } }],
])('an organisation policy %s that allows what is needed: %j', async (constraint, rule) => {
  expect(await found(policy(constraint, rule))).toEqual([]);
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
  const changed = (changes: object): Answers => withChanges(provider, changes);
  const strange = { oidc: { issuerUri: 'https://token.example' } };
  for (const [others, words] of [
    [changed(strange), "it believes https://token.example, and the jobs' tokens are of https://token.actions"],
    [changed({ disabled: true }), '-> gcloud iam workload-identity-pools providers update-oidc github --workload-'],
    [changed({ state: 'DELETED' }), '-> gcloud iam workload-identity-pools providers undelete github --workload-'],
    [{ [provider]: gone }, 'its provider is missing.'],
    [
      withChanges(addresses.pool, { disabled: true }),
      'update zerodrop-github --location=global --project=acme-1 --no-',
    ],
    [{ [accountAddress('verify')]: gone }, 'zerodrop-verify@acme-1.iam.gserviceaccount.com: it does not exist.'],
    [withChanges(accountAddress('plan'), { disabled: true }), '-> gcloud iam service-accounts enable zerodrop-plan@'],
  ] as const)
    expect(await found(others)).toEqual([expect.stringContaining(words)]);
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

test('a cluster that Google changes runs', async () => {
  expect(await found(withChanges(addresses.cluster, { status: 'RECONCILING' }))).toEqual([]);
  expect(await found(withChanges(addresses.cluster, { status: 'ERROR' }))).toEqual([
    expect.stringContaining('it is ERROR. -> gcloud container operations list --project=acme-1'),
  ]);
});
