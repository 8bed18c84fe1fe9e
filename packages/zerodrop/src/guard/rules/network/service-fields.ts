import { type FieldChange, fieldChanges, type FolderComparison, fromTo } from '../../model/comparison.ts';
import type { ManifestObject } from '../../model/object.ts';
import { contains } from '../../model/policies.ts';
import { type Fault, formerly, ofChanges, refused, type Rule } from '../../rule.ts';

/** What sets a load balancer up anew, with the values that the API server fills in: kubernetes issues 49425 and 53657. */
const exposing: Readonly<Record<string, string>> = {
  type: 'ClusterIP',
  externalTrafficPolicy: 'Cluster',
  loadBalancerClass: 'none',
};

/** By such annotations a cloud chooses what it sets up for a Service. */
const choosing =
  /^(?:(?:beta\.)?cloud\.google\.com|networking\.gke\.io|service\.(?:beta\.)?kubernetes\.io|metallb\.(?:io|universe\.tf)|loadbalancer\.openstack\.org|oci\.oraclecloud\.com)\//;

export const serviceTypeChanged: Rule = {
  id: 'service-type-changed',
  title: 'A Service gets another load balancer or address',
  severity: refused,
  judges: 'change',
  faults: ofChanges(({ before, after }, folder) => {
    if (before === null || after === null || !after.is('/Service')) return null;
    const fields = Object.entries(exposing).flatMap(([key, usual]) => {
      const [old, next] = [before.field('spec', key), after.field('spec', key)].map((field) =>
        String(field.value ?? usual),
      );
      return old === next ? [] : [{ at: after.field('spec', key), what: `changes its ${key} from ${old} to ${next}` }];
    });
    const annotations = fieldChanges(before, after, ['metadata', 'annotations'])
      .filter(({ after: field }) => choosing.test(String(field.keys.at(-1))))
      .filter((change) => !isHarmlessNeg(change, after, folder))
      .map((change) => ({
        at: change.after,
        what: `changes its annotation ${String(change.after.keys.at(-1))} ${fromTo(change.before.value, change.after.value)}`,
      }));
    return [...fields, ...annotations].map((fault) => ({
      ...fault,
      why: 'The cloud sets up the load balancer anew, usually with another address, and requests fail until it is there and clients use it.',
      fix: 'Add a second Service, move clients over to it, and remove this one later.',
      instead: formerly,
    }));
  }),
};

/** Network endpoint groups beside a load balancer that does not use them; an Ingress would change over to them. */
function isHarmlessNeg({ before, after }: FieldChange, service: ManifestObject, folder: FolderComparison): boolean {
  if (after.keys.at(-1) !== 'cloud.google.com/neg' || before.isSet) return false;
  return ![folder.before, folder.after].some((side) =>
    side
      .all('networking.k8s.io/Ingress')
      .some((ingress) => JSON.stringify(ingress.value).includes(JSON.stringify(service.name))),
  );
}

/** Fields of which other rules say more. */
const judgedElsewhere = new Set([
  ...Object.keys(exposing),
  'ports',
  'selector',
  'loadBalancerSourceRanges',
  'clusterIP',
  'clusterIPs',
]);

/** What the API server fills in where a Service says nothing. */
const usual: Readonly<Record<string, unknown>> = {
  sessionAffinity: 'None',
  internalTrafficPolicy: 'Cluster',
  publishNotReadyAddresses: false,
  allocateLoadBalancerNodePorts: true,
  ipFamilyPolicy: 'SingleStack',
};

/** A change that costs nothing, by field, and why. */
const harmless: Readonly<Record<string, (before: unknown, after: unknown) => boolean>> = {
  // Pods that are not ready are sent nothing any more.
  publishNotReadyAddresses: (_before, after) => after !== true,
  // A second address comes beside the first one.
  ipFamilyPolicy: (_before, after) => after === 'PreferDualStack' || after === 'RequireDualStack',
  ipFamilies: (before, after) =>
    (before === undefined && Array.isArray(after) && after[0] === 'IPv4') ||
    (Array.isArray(before) && Array.isArray(after) && before.every((family, index) => after[index] === family)),
  // Each address that was there stays.
  externalIPs: (before, after) =>
    before === undefined ||
    (Array.isArray(before) && Array.isArray(after) && before.every((address) => after.includes(address))),
};

const costs: Readonly<Record<string, string>> = {
  publishNotReadyAddresses: 'Pods that are starting or failing are sent requests, whatever their readiness probe says.',
  loadBalancerIP: 'The load balancer moves to another address, and clients go on asking the old one.',
  ipFamilies: 'The Service gets another address, and clients go on asking the old one.',
  internalTrafficPolicy: 'Requests from nodes without a pod of this Service are dropped.',
  externalIPs: 'Requests to an address that is gone are dropped.',
};

export const serviceChanged: Rule = {
  id: 'service-changed',
  title: 'A field of a Service changes that is not known to be harmless',
  severity: refused,
  judges: 'change',
  faults: ofChanges(({ before, after }) => {
    if (before === null || after === null || !after.is('/Service')) return null;
    return fieldChanges(before, after, ['spec'])
      .filter(({ after: field }) => !judgedElsewhere.has(top(field.keys)))
      .filter(({ before: old, after: next }) => {
        const key = top(next.keys);
        const [was, is] = [old, next].map((field) => field.value ?? usual[key]);
        return was !== is && !(Object.hasOwn(harmless, key) && harmless[key]?.(was, is) === true);
      })
      .map(({ name, before: old, after: next }): Fault => ({
        at: next,
        what: `changes its ${name} ${fromTo(old.value, next.value)}`,
        why:
          costs[top(next.keys)] ?? 'A Service is what clients hold on to, and this field is not known to be harmless.',
        fix: 'Add a second Service, move clients over to it, and remove this one later.',
        instead: formerly,
      }));
  }),
};

function top(keys: readonly (string | number)[]): string {
  return String(keys[1]);
}

const everyone: ReadonlySet<unknown> = new Set(['0.0.0.0/0', '::/0']);

export const sendersNarrowed: Rule = {
  id: 'senders-narrowed',
  title: 'A load balancer lets fewer senders in',
  severity: refused,
  judges: 'change',
  faults: ofChanges(({ before, after }) => {
    const [old, now] = [before, after].map((object) =>
      object
        ?.as('/Service')
        ?.at('spec', 'loadBalancerSourceRanges')
        .items()
        .flatMap((item) => item.text ?? []),
    );
    if (after === null || old === undefined || now === undefined) return null;
    if (now.length === 0 || now.some((range) => everyone.has(range))) return null;
    const lost = old.find((range) => !now.some((other) => contains(other, range)));
    if (old.length > 0 && lost === undefined) return null;
    return {
      at: after.field('spec', 'loadBalancerSourceRanges'),
      what: lost === undefined ? `lets in none but ${now.join(', ')}` : `no longer lets ${lost} in`,
      why: 'Senders from elsewhere are cut off at once, and every pod stays ready.',
      fix: 'Keep them in loadBalancerSourceRanges.',
    };
  }),
};
