import { isRecord } from '../../../settings/value.ts';
import { field } from '../field.ts';
import { isService } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';

// The type, and what is set up anew with it: kubernetes issues 49425 and 53657. With the values that the API server fills in.
const exposing = { type: 'ClusterIP', externalTrafficPolicy: 'Cluster', loadBalancerClass: 'none' } as const;

/** By such annotations GKE chooses what it sets up: networking.gke.io/load-balancer-type, cloud.google.com/neg and more. */
const choosing = /^(?:networking\.gke\.io|cloud\.google\.com)\//;

/** Another type or traffic policy makes the cloud set up its load balancer anew, in most cases with another address. */
export const serviceTypeChanged: ObjectRule = ({ before, after }) => {
  if (!isService(before) || !isService(after)) return null;
  const chosen = [before, after].flatMap(({ document }) => annotationsOf(document)).filter((key) => choosing.test(key));
  const kept = [
    ...Object.entries(exposing).map(([key, usual]) => ({ key, usual, at: ['spec', key] })),
    ...chosen.map((key) => ({ key: `annotation ${key}`, usual: 'none', at: ['metadata', 'annotations', key] })),
  ];
  for (const { key, usual, at } of kept) {
    const old = field(before.document, ...at) ?? usual;
    const next = field(after.document, ...at) ?? usual;
    if (old !== next) {
      return {
        says: `changes its ${key} from ${String(old)} to ${String(next)}. The way in is set up anew, and requests are lost until it is there: add a second Service instead, and move clients over to it`,
        at,
      };
    }
  }
  return null;
};

function annotationsOf(document: unknown): readonly string[] {
  const annotations = field(document, 'metadata', 'annotations');
  return isRecord(annotations) ? Object.keys(annotations) : [];
}
