import { z } from 'zod';
import type { Google } from '../../settings/google/resolve.ts';
import { type Ask, bodyOf, type Finding, missing, ok, reasonOf, unknown } from './finding.ts';

const regionShape = z.object({
  quotas: z.array(z.object({ metric: z.string(), limit: z.number(), usage: z.number() })),
});
const policyShape = z.object({
  spec: z
    .object({
      rules: z
        .array(
          z.object({
            enforce: z.boolean().exactOptional(),
            allowAll: z.boolean().exactOptional(),
            denyAll: z.boolean().exactOptional(),
            values: z
              .object({
                allowedValues: z.array(z.string()).exactOptional(),
                deniedValues: z.array(z.string()).exactOptional(),
              })
              .exactOptional(),
          }),
        )
        .exactOptional(),
    })
    .exactOptional(),
});

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
        `docs/how-to/bring-up.md, step 3: the stack bootstrap enables Compute Engine.`,
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

/** Organisation policies that stop a part of this, and what they must allow. */
const policies: Readonly<Record<string, string>> = {
  'iam.workloadIdentityPoolProviders': 'https://token.actions.githubusercontent.com',
  'iam.allowedPolicyMemberDomains': 'principalSet of the federation',
  'gcp.resourceLocations': 'the region',
  'compute.restrictLoadBalancerCreationForTypes': 'EXTERNAL_NETWORK_TCP_UDP',
  'gcp.restrictServiceUsage': 'container.googleapis.com',
};

/** Organisation policies that are in the way. */
export async function policyFindings(ask: Ask, { project, region }: Google): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const [constraint, needs] of Object.entries(policies)) {
    const about = `Google: policy ${constraint}`;
    const answer = await ask(
      `https://orgpolicy.googleapis.com/v2/projects/${project}/policies/${constraint}:getEffectivePolicy`,
    );
    const policy = bodyOf(answer, policyShape);
    if (policy === null) {
      found.push(
        unknown(
          about,
          `it can't be read: ${reasonOf(answer)}.`,
          `gcloud services enable orgpolicy.googleapis.com --project=${project}`,
        ),
      );
      continue;
    }
    const rules = policy.spec?.rules ?? [];
    const isOpen = rules.every(
      ({ allowAll, denyAll, values }) => denyAll !== true && (allowAll === true || values === undefined),
    );
    if (isOpen) continue;
    const allowed = rules.flatMap(({ values }) => values?.allowedValues ?? []);
    const isAllowed = allowed.some(
      (value) => value.includes(needs) || (needs === 'the region' && value.includes(region)),
    );
    if (isAllowed) continue;
    const said = rules.some(({ denyAll }) => denyAll === true)
      ? 'it allows nothing'
      : `it allows ${allowed.join(', ') || 'all but a few'}`;
    found.push(
      missing(
        about,
        `${said}, and ${needs} is needed.`,
        `Ask your organisation's administrator: gcloud org-policies describe ${constraint} --project=${project} --effective`,
      ),
    );
  }
  return found.length === 0 ? [ok('Google: policies', 'no organisation policy is in the way.')] : found;
}
