import { z } from 'zod';
import { email, jobIdentities } from '../../cluster/identities.ts';
import { exampleProject } from '../../settings/cross-checks.ts';
import type { Google } from '../../settings/google/resolve.ts';
import { type Ask, bodyOf, type Finding, missing, ok, reasonOf, unknown } from './finding.ts';
import { policyFindings, quotaFindings } from './limits.ts';

const projectShape = z.object({ name: z.string(), state: z.string(), parent: z.string().exactOptional() });
const billingShape = z.object({
  billingEnabled: z.boolean().exactOptional(),
  billingAccountName: z.string().exactOptional(),
});
const servicesShape = z.object({
  services: z.array(z.object({ name: z.string(), state: z.string() })).exactOptional(),
});
const bucketShape = z.object({
  location: z.string(),
  versioning: z.object({ enabled: z.boolean() }).exactOptional(),
  iamConfiguration: z.object({ publicAccessPrevention: z.string().exactOptional() }).exactOptional(),
});
const stateShape = z.object({ state: z.string(), disabled: z.boolean().exactOptional() });
const providerShape = z.object({
  state: z.string(),
  disabled: z.boolean().exactOptional(),
  attributeCondition: z.string().exactOptional(),
  oidc: z.object({ issuerUri: z.string() }).exactOptional(),
});
const accountShape = z.object({ disabled: z.boolean().exactOptional() });
const clusterShape = z.object({ status: z.string(), currentMasterVersion: z.string() });

/** Who issues the tokens of workflows at github.com. */
const gitHubsIssuer = 'https://token.actions.githubusercontent.com';

/** The services that the stack bootstrap needs before it can enable the others itself. */
export const firstServices = ['cloudresourcemanager', 'iam', 'serviceusage', 'storage'];

/** What applies a stack. */
const up = (stack: 'bootstrap' | 'platform'): string => `npm run pipeline -- up ${stack}`;

/** What is missing at Google for one cluster, by the answers of its APIs. */
export async function googleFindings(ask: Ask, google: Google): Promise<readonly Finding[]> {
  const { project } = google;
  const about = `Google: project ${project}`;
  if (project === exampleProject)
    return [
      missing(
        about,
        "settings.ts names the example's.",
        'Write the id of yours into settings.ts (gcloud projects list), and run npm run synth.',
      ),
    ];
  const answer = await ask(`https://cloudresourcemanager.googleapis.com/v3/projects/${project}`);
  if (answer.status === 401)
    return [missing('Google: login', `${reasonOf(answer)}.`, 'gcloud auth login --update-adc')];
  const there = bodyOf(answer, projectShape);
  const found: Finding[] = [];
  if (answer.status === 0)
    return [
      unknown('Google: login', 'gcloud has no login, or Google does not answer.', 'gcloud auth login --update-adc'),
    ];
  // Google answers 403 for a project that is not there, and for one whose service is off.
  if (there === null && !/has not been used|disabled/.test(reasonOf(answer)))
    return [
      missing(
        about,
        `it can't be read: ${reasonOf(answer)}.`,
        `gcloud projects create ${project}   # or: gcloud auth login --update-adc, as an owner of it`,
      ),
    ];
  found.push(
    there === null || there.state === 'ACTIVE'
      ? ok(about, 'it is there.')
      : missing(about, `it is ${there.state}.`, `gcloud projects undelete ${project}`),
  );
  found.push(
    await billingFinding(ask, project),
    await servicesFinding(ask, project),
    ...(await quotaFindings(ask, google)),
  );
  found.push(
    ...(await policyFindings(ask, google)),
    await bucketFinding(ask, google),
    ...(await federationFindings(ask, google)),
  );
  found.push(await clusterFinding(ask, google));
  return found;
}

async function billingFinding(ask: Ask, project: string): Promise<Finding> {
  const about = 'Google: billing';
  const answer = await ask(`https://cloudbilling.googleapis.com/v1/projects/${project}/billingInfo`);
  const info = bodyOf(answer, billingShape);
  if (info === null)
    return unknown(about, `it can't be read: ${reasonOf(answer)}.`, `gcloud billing projects describe ${project}`);
  if (info.billingEnabled === true) return ok(about, `${info.billingAccountName ?? 'an account'} pays.`);
  return missing(
    about,
    'no billing account pays for the project, so Google enables no service.',
    `gcloud billing projects link ${project} --billing-account=ACCOUNT   # gcloud billing accounts list`,
  );
}

async function servicesFinding(ask: Ask, project: string): Promise<Finding> {
  const about = 'Google: services';
  const names = firstServices.map((name) => `names=projects/${project}/services/${name}.googleapis.com`).join('&');
  const answer = await ask(`https://serviceusage.googleapis.com/v1/projects/${project}/services:batchGet?${names}`);
  const listed = bodyOf(answer, servicesShape)?.services ?? null;
  if (listed === null)
    return unknown(
      about,
      `they can't be read: ${reasonOf(answer)}.`,
      `gcloud services enable serviceusage.googleapis.com --project=${project}`,
    );
  const off = listed.filter(({ state }) => state !== 'ENABLED').map(({ name }) => name.split('/').at(-1) ?? name);
  if (off.length === 0) return ok(about, `those that bootstrap needs are enabled.`);
  return missing(
    about,
    `${off.join(', ')} ${off.length === 1 ? 'is' : 'are'} off.`,
    `gcloud services enable ${off.join(' ')} --project=${project}`,
  );
}

async function bucketFinding(ask: Ask, { stateBucket, region }: Google): Promise<Finding> {
  const about = `Google: bucket ${stateBucket}`;
  const answer = await ask(`https://storage.googleapis.com/storage/v1/b/${stateBucket}`);
  const bucket = bodyOf(answer, bucketShape);
  if (answer.status === 404)
    return missing(about, 'it does not exist; Terraform keeps its state there.', up('bootstrap'));
  if (answer.status === 403)
    return missing(
      about,
      `${reasonOf(answer)}. If it is not yours, somebody else at Google has taken the name.`,
      'Name another as google.stateBucket in settings.ts, and run npm run synth.',
    );
  if (bucket === null) return unknown(about, `it can't be read: ${reasonOf(answer)}.`, up('bootstrap'));
  if (bucket.location.toLowerCase() !== region)
    return missing(
      about,
      `it is in ${bucket.location}, and google.region is ${region}. A bucket can't move.`,
      `While it is empty: gcloud storage buckets delete gs://${stateBucket}\n${up('bootstrap')}`,
    );
  if (bucket.versioning?.enabled !== true)
    return missing(
      about,
      'it keeps no older versions, so a broken state is lost.',
      `gcloud storage buckets update gs://${stateBucket} --versioning`,
    );
  if (bucket.iamConfiguration?.publicAccessPrevention !== 'enforced')
    return missing(
      about,
      'it may be made public.',
      `gcloud storage buckets update gs://${stateBucket} --public-access-prevention`,
    );
  return ok(about, `it is in ${bucket.location}, keeps versions and is not public.`);
}

async function federationFindings(ask: Ask, google: Google): Promise<readonly Finding[]> {
  const { project, name, github } = google;
  const about = 'Google: federation';
  if (github === null)
    return [
      unknown(
        about,
        'settings.ts has no google.github: no workflow gets an identity at Google.',
        'Write google.github into settings.ts to let the workflows in.',
      ),
    ];
  const pool = `https://iam.googleapis.com/v1/projects/${project}/locations/global/workloadIdentityPools/${name}-github`;
  const answer = await ask(pool);
  const state = bodyOf(answer, stateShape);
  if (answer.status === 404) return [missing(about, 'it does not exist.', up('bootstrap'))];
  if (state === null) return [unknown(about, `it can't be read: ${reasonOf(answer)}.`, up('bootstrap'))];
  const place = `--location=global --project=${project}`;
  const pools = 'gcloud iam workload-identity-pools';
  if (state.state !== 'ACTIVE')
    return [missing(about, `its pool is ${state.state}.`, `${pools} undelete ${name}-github ${place}`)];
  if (state.disabled === true)
    return [missing(about, 'its pool is disabled.', `${pools} update ${name}-github ${place} --no-disabled`)];
  const told = await ask(`${pool}/providers/github`);
  const provider = bodyOf(told, providerShape);
  const ofPool = `--workload-identity-pool=${name}-github ${place}`;
  if (told.status === 404) return [missing(about, 'its provider is missing.', up('bootstrap'))];
  if (provider === null) return [unknown(about, `its provider can't be read: ${reasonOf(told)}.`, up('bootstrap'))];
  if (provider.state !== 'ACTIVE')
    return [missing(about, `its provider is ${provider.state}.`, `${pools} providers undelete github ${ofPool}`)];
  if (provider.disabled === true)
    return [
      missing(about, 'its provider is disabled.', `${pools} providers update-oidc github ${ofPool} --no-disabled`),
    ];
  const numbers = [github.ownerId, github.repositoryId];
  if (numbers.some((number) => provider.attributeCondition?.includes(`'${number}'`) !== true))
    return [
      missing(about, `it lets in other jobs than those of the repository ${github.repositoryId}.`, up('bootstrap')),
    ];
  const issuer = provider.oidc?.issuerUri ?? 'no issuer';
  if (issuer !== gitHubsIssuer)
    return [missing(about, `it believes ${issuer}, and the jobs' tokens are of ${gitHubsIssuer}.`, up('bootstrap'))];
  const accounts = await Promise.all(
    jobIdentities.map(async (identity) => accountFinding(ask, google, email(google, identity))),
  );
  const wrong = accounts.filter((finding) => finding !== null);
  return wrong.length > 0 ? wrong : [ok(about, 'it lets in the jobs of this repository alone.')];
}

async function accountFinding(ask: Ask, { project }: Google, address: string): Promise<Finding | null> {
  const about = `Google: service account ${address}`;
  const answer = await ask(`https://iam.googleapis.com/v1/projects/${project}/serviceAccounts/${address}`);
  if (answer.status === 404) return missing(about, 'it does not exist.', up('bootstrap'));
  const account = bodyOf(answer, accountShape);
  if (account === null) return unknown(about, `it can't be read: ${reasonOf(answer)}.`, up('bootstrap'));
  if (account.disabled !== true) return null;
  return missing(about, 'it is disabled.', `gcloud iam service-accounts enable ${address} --project=${project}`);
}

async function clusterFinding(ask: Ask, { project, location, name }: Google): Promise<Finding> {
  const about = `Google: cluster ${name}`;
  const answer = await ask(
    `https://container.googleapis.com/v1/projects/${project}/locations/${location}/clusters/${name}`,
  );
  const cluster = bodyOf(answer, clusterShape);
  if (answer.status === 404) return missing(about, `there is none in ${location}.`, up('platform'));
  if (cluster === null) return unknown(about, `it can't be read: ${reasonOf(answer)}.`, up('platform'));
  // RECONCILING: it runs while Google changes it, as in an upgrade (container.v1, Cluster.status).
  if (cluster.status !== 'RUNNING' && cluster.status !== 'RECONCILING')
    return missing(about, `it is ${cluster.status}.`, `gcloud container operations list --project=${project}`);
  return ok(about, `it runs Kubernetes ${cluster.currentMasterVersion}.`);
}
