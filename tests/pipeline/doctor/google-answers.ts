import type { Answer } from '../../../pipeline/doctor/finding.ts';
import type { Answers } from './answers.ts';

/** Google's way to refuse. */
export function googleRefused(code: number, message: string, status: string): Answer {
  return { status: code, body: { error: { code, message, status } } };
}

const project = 'acme-1';
const compute = `https://compute.googleapis.com/compute/v1/projects/${project}/regions/europe-west4`;
const pool = `https://iam.googleapis.com/v1/projects/${project}/locations/global/workloadIdentityPools/zerodrop-github`;
const services = ['cloudresourcemanager', 'iam', 'serviceusage', 'storage'];

/** The address of an organisation's policy. */
export const policyAddress = (constraint: string): string =>
  `https://orgpolicy.googleapis.com/v2/projects/${project}/policies/${constraint}:getEffectivePolicy`;

/** The address of the service account of one of the jobs' identities. */
export const accountAddress = (name: string): string =>
  `https://iam.googleapis.com/v1/projects/${project}/serviceAccounts/zerodrop-${name}@${project}.iam.gserviceaccount.com`;

const open = (constraint: string) => ({
  name: `projects/1234567890/policies/${constraint}`,
  spec: { rules: [{ allowAll: true }], inheritFromParent: false },
});

/** The addresses that tests change. */
export const addresses = {
  compute,
  pool,
  project: `https://cloudresourcemanager.googleapis.com/v3/projects/${project}`,
  billing: `https://cloudbilling.googleapis.com/v1/projects/${project}/billingInfo`,
  bucket: `https://storage.googleapis.com/storage/v1/b/${project}-zerodrop-state`,
  services: `https://serviceusage.googleapis.com/v1/projects/${project}/services:batchGet?${services.map((name) => `names=projects/${project}/services/${name}.googleapis.com`).join('&')}`,
  cluster: `https://container.googleapis.com/v1/projects/${project}/locations/europe-west4/clusters/zerodrop`,
};

/** A project in which everything is there. */
export const google: Answers = {
  [addresses.project]: {
    name: 'projects/1234567890',
    parent: 'organizations/4711',
    projectId: project,
    state: 'ACTIVE',
    displayName: 'Acme',
    createTime: '2026-11-01T08:00:00Z',
    etag: 'W/"x"',
  },
  [addresses.billing]: {
    name: `projects/${project}/billingInfo`,
    projectId: project,
    billingAccountName: 'billingAccounts/0A1B2C-3D4E5F-678901',
    billingEnabled: true,
  },
  [addresses.services]: {
    services: services.map((name) => ({
      name: `projects/1234567890/services/${name}.googleapis.com`,
      config: { name: `${name}.googleapis.com` },
      state: 'ENABLED',
      parent: 'projects/1234567890',
    })),
  },
  [compute]: {
    kind: 'compute#region',
    id: '1270',
    name: 'europe-west4',
    status: 'UP',
    quotas: [
      { metric: 'CPUS', limit: 72, usage: 6 },
      { metric: 'SSD_TOTAL_GB', limit: 2_000, usage: 150 },
      { metric: 'IN_USE_ADDRESSES', limit: 69, usage: 3 },
    ],
  },
  ...Object.fromEntries(
    [
      'iam.workloadIdentityPoolProviders',
      'iam.allowedPolicyMemberDomains',
      'gcp.resourceLocations',
      'compute.restrictLoadBalancerCreationForTypes',
      'gcp.restrictServiceUsage',
    ].map((constraint) => [policyAddress(constraint), open(constraint)]),
  ),
  [policyAddress('iam.disableServiceAccountCreation')]: {
    name: 'projects/1234567890/policies/iam.disableServiceAccountCreation',
    spec: { rules: [{ enforce: false }] },
  },
  [addresses.bucket]: {
    kind: 'storage#bucket',
    name: `${project}-zerodrop-state`,
    projectNumber: '1234567890',
    location: 'EUROPE-WEST4',
    locationType: 'region',
    storageClass: 'STANDARD',
    versioning: { enabled: true },
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: 'enforced' },
  },
  [pool]: { name: 'projects/1234567890/locations/global/workloadIdentityPools/zerodrop-github', state: 'ACTIVE' },
  [`${pool}/providers/github`]: {
    name: 'projects/1234567890/locations/global/workloadIdentityPools/zerodrop-github/providers/github',
    state: 'ACTIVE',
    attributeCondition: "assertion.repository_owner_id == '4711' && assertion.repository_id == '815'",
    oidc: { issuerUri: 'https://token.actions.githubusercontent.com' },
  },
  ...Object.fromEntries(
    ['push', 'plan', 'apply', 'verify'].map((name) => {
      const email = `zerodrop-${name}@${project}.iam.gserviceaccount.com`;
      return [accountAddress(name), { name: `projects/${project}/serviceAccounts/${email}`, email, uniqueId: '111' }];
    }),
  ),
  [addresses.cluster]: { name: 'zerodrop', status: 'RUNNING', currentMasterVersion: '1.35.1-gke.100' },
};
