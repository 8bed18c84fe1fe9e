import { z } from 'zod';
import type { Google } from '../../settings/google/resolve.ts';
import { type Ask, bodyOf, type Finding, missing, ok, reasonOf, unknown } from './finding.ts';

const regionShape = z.object({
  quotas: z.array(z.object({ metric: z.string(), limit: z.number(), usage: z.number() })),
});
const ruleShape = z.object({
  enforce: z.boolean().exactOptional(),
  allowAll: z.boolean().exactOptional(),
  denyAll: z.boolean().exactOptional(),
  values: z
    .object({
      allowedValues: z.array(z.string()).exactOptional(),
      deniedValues: z.array(z.string()).exactOptional(),
    })
    .exactOptional(),
});
const policyShape = z.object({ spec: z.object({ rules: z.array(ruleShape).exactOptional() }).exactOptional() });

/** What a cluster of these settings takes of the region at its largest, and while Google upgrades it: one node more in each zone. */
export function neededQuotas({ nodes, zones, argocd, size }: Google): Readonly<Record<string, number>> {
  const most = (nodes.maximumPerZone + 1) * zones;
  // Such as e2-standard-2; what is named otherwise counts for the two of the smallest.
  const cpus = Number(/-(\d+)$/.exec(nodes.machineType)?.[1] ?? 2);
  // Cloud NAT's, and one for each load balancer of the two environments.
  const addresses = 3 + (argocd.domain === null ? 0 : 1) + (size === 'production' ? 1 : 0);
  return { CPUS: most * cpus, SSD_TOTAL_GB: most * nodes.diskGb, IN_USE_ADDRESSES: addresses };
}

/** Whether the region has room. */
export async function quotaFindings(ask: Ask, google: Google): Promise<readonly Finding[]> {
  const { project, region } = google;
  const answer = await ask(`https://compute.googleapis.com/compute/v1/projects/${project}/regions/${region}`);
  const quotas = bodyOf(answer, regionShape)?.quotas ?? null;
  if (quotas === null)
    return [
      unknown(
        'Google: quotas',
        `they can't be read: ${reasonOf(answer)}.`,
        'npm run pipeline -- up bootstrap   # enables Compute Engine',
      ),
    ];
  return Object.entries(neededQuotas(google)).map(([metric, needed]) => {
    const about = `Google: quota ${metric}`;
    const quota = quotas.find((one) => one.metric === metric);
    if (quota === undefined)
      return unknown(
        about,
        `${region} has none of this name; ${needed} are needed.`,
        `gcloud compute regions describe ${region} --project=${project}`,
      );
    const says = `${needed} needed, ${quota.limit} allowed, ${quota.usage} in use in ${region}`;
    if (quota.limit - quota.usage >= needed) return ok(about, `${says}.`);
    const mend = `Ask for more: https://console.cloud.google.com/iam-admin/quotas?project=${project}\nOr set size: 'demo' in settings.ts.`;
    return missing(about, `${says}. What the cluster itself uses already counts as in use.`, mend);
  });
}

/** What a list policy has to allow, and what of it a value can be told to be. */
interface Need {
  readonly what: string;
  /** Whether a value of the list is what is needed; null for one that may have it among others. */
  readonly isIt: (value: string) => boolean | null;
}

/** A value that stands for a group of others (`in:eu-locations`): only Google knows which. */
const isGroup = (value: string): boolean => value.startsWith('in:');

function needOf(what: string): Need {
  return { what, isIt: (value) => value === what || (isGroup(value) ? null : false) };
}

/** Organisation policies that stop a part of this where they are lists. */
function needsOf({ region }: Google): Readonly<Record<string, Need>> {
  const { isIt } = needOf(region);
  return {
    'iam.workloadIdentityPoolProviders': needOf('https://token.actions.githubusercontent.com'),
    'iam.allowedPolicyMemberDomains': {
      what: 'the federation of the project',
      // A customer's id stands for identities that only Google knows.
      isIt: (value) => value.startsWith('principalSet://iam.googleapis.com/') || null,
    },
    'gcp.resourceLocations': {
      what: region,
      isIt: (value) => value === `in:${region}-locations` || value.startsWith(`${region}-`) || isIt(value),
    },
    'compute.restrictLoadBalancerCreationForTypes': needOf('EXTERNAL_NETWORK_TCP_UDP'),
    'gcp.restrictServiceUsage': needOf('container.googleapis.com'),
  };
}

/** Policies that are on or off, and what is impossible where they are on. */
const switches: Readonly<Record<string, string>> = {
  'iam.disableServiceAccountCreation':
    'no service account can be made, and the stacks make those of the nodes and of CI',
};

/** A value of a list, with or without the mark that it is one. */
const plain = (value: string): string => value.replace(/^is:/, '');

/** What a list policy has against a need, in a sentence, and whether it is sure or only Google can tell; null for nothing. */
function objection(
  rules: readonly z.infer<typeof ruleShape>[],
  { what, isIt }: Need,
): { readonly says: string; readonly isSure: boolean } | null {
  if (rules.some(({ denyAll }) => denyAll === true))
    return { says: `it allows nothing, and ${what} is needed.`, isSure: true };
  const denied = rules.flatMap(({ values }) => values?.deniedValues ?? []).map(plain);
  const against = denied.filter((value) => isIt(value) !== false);
  if (against.length > 0)
    return {
      says: `it denies ${against.join(', ')}, and ${what} is needed.`,
      isSure: against.some((value) => isIt(value) === true),
    };
  const allowed = rules.flatMap(({ values }) => values?.allowedValues ?? []).map(plain);
  if (allowed.length === 0 || rules.some(({ allowAll }) => allowAll === true)) return null;
  if (allowed.some((value) => isIt(value) === true)) return null;
  const isSure = allowed.every((value) => isIt(value) === false);
  return { says: `it allows ${allowed.join(', ')}, and ${what} is needed.`, isSure };
}

/** Organisation policies that are in the way. */
export async function policyFindings(ask: Ask, google: Google): Promise<readonly Finding[]> {
  const { project } = google;
  const found: Finding[] = [];
  const needs = needsOf(google);
  for (const constraint of [...Object.keys(needs), ...Object.keys(switches)]) {
    const about = `Google: policy ${constraint}`;
    const address = `https://orgpolicy.googleapis.com/v2/projects/${project}/policies/${constraint}:getEffectivePolicy`;
    const answer = await ask(address);
    const policy = bodyOf(answer, policyShape);
    const administrator = `Ask your organisation's administrator: gcloud org-policies describe ${constraint} --project=${project} --effective`;
    if (policy === null) {
      const enable = `gcloud services enable orgpolicy.googleapis.com --project=${project}`;
      found.push(unknown(about, `it can't be read: ${reasonOf(answer)}.`, enable));
      continue;
    }
    const rules = policy.spec?.rules ?? [];
    const need = needs[constraint];
    if (need === undefined) {
      const says = `it is enforced, so ${switches[constraint]}.`;
      if (rules.some(({ enforce }) => enforce === true)) found.push(missing(about, says, administrator));
      continue;
    }
    const against = objection(rules, need);
    if (against !== null) found.push((against.isSure ? missing : unknown)(about, against.says, administrator));
  }
  return found.length === 0 ? [ok('Google: policies', 'no organisation policy is in the way.')] : found;
}
