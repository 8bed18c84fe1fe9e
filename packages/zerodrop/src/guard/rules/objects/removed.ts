import { successorOf } from '../../model/comparison.ts';
import type { ManifestObject } from '../../model/object.ts';
import { isGuarded, syncOptionsAnnotation } from '../../model/sync.ts';
import { type Fault, losslessOnly, ofChanges, refused, type Rule, whole } from '../../rule.ts';

/** Ways by which requests come in. */
const routes =
  /^(?:gateway\.networking\.k8s\.io\/(?:Gateway|ReferenceGrant|\w+Route)|discovery\.k8s\.io\/EndpointSlice|\/Endpoints|networking\.istio\.io\/(?:DestinationRule|Gateway|ServiceEntry|VirtualService)|projectcontour\.io\/HTTPProxy|traefik\.(?:io|containo\.us)\/IngressRoute(?:TCP|UDP)?|k8s\.nginx\.org\/(?:VirtualServer|VirtualServerRoute|TransportServer)|elbv2\.k8s\.aws\/TargetGroupBinding)$/;

export const nameChanged: Rule = {
  id: 'name-changed',
  title: 'A workload, Service, route or namespace goes',
  severity: refused,
  judges: 'change',
  faults: ofChanges(({ before, after }, { changes }): Fault | null => {
    const cost = after === null ? costOf(before) : null;
    if (cost === null || before === null) return null;
    const why = `It is deleted, ${cost}.`;
    const fix = 'add the new object first and remove this one when nothing uses it.';
    const successor = successorOf(before, changes);
    if (successor === null) return { at: whole(before), what: 'is gone', why, fix: `Keep it, or ${fix}` };
    const { object, keys, former: said } = successor;
    const field = keys.at(-1) ?? '';
    return {
      at: object.field(...keys),
      about: before,
      what: `is gone: ${shownAs(object, field)} stands in its place, with another ${field}`,
      why,
      fix: `Keep ${field} ${said === '' ? 'out' : said}, or ${fix}`,
      ...(said === '' ? {} : { instead: said }),
    };
  }),
};

function shownAs(object: ManifestObject, field: string): string {
  return field === 'apiVersion' ? `${object.title} of ${object.apiVersion}` : object.title;
}

function costOf(object: ManifestObject): string | null {
  if (object.is('apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'argoproj.io/Rollout')) {
    return 'and its pods end whether others are ready or not';
  }
  if (object.is('/Service')) return 'and its address, which clients hold, leads nowhere';
  if (object.is('networking.k8s.io/Ingress') || routes.test(object.type))
    return 'and requests that come in by it lead nowhere';
  if (object.is('/Namespace')) return 'and everything in it';
  return null;
}

export const dataLost: Rule = {
  id: 'data-lost',
  title: 'Data is deleted',
  severity: refused,
  judges: 'change',
  faults: ofChanges(({ before, after }): Fault | null => {
    if (after === null) {
      const cost = dataOf(before);
      if (cost === null) return null;
      return {
        at: whole(before),
        what: 'is gone',
        why: `It is deleted, and with it ${cost}, which no revert brings back.`,
        fix: 'Keep it, or save what it holds first.',
      };
    }
    const policy = after.as('apps/StatefulSet')?.at('spec', 'persistentVolumeClaimRetentionPolicy');
    const field = policy && [policy.at('whenDeleted'), policy.at('whenScaled')].find(({ value }) => value === 'Delete');
    if (field === undefined || before?.field(...field.keys).value === 'Delete') return null;
    return {
      at: field,
      what: `deletes its pods' volumes (${String(field.keys.at(-1))}: Delete)`,
      why: 'What is on them goes with the pods, and no revert brings it back.',
      fix: 'Use Retain.',
    };
  }),
};

function dataOf(object: ManifestObject): string | null {
  if (object.is('/PersistentVolumeClaim') || (object.group === '' && object.kind === 'PersistentVolume'))
    return 'what is on its disk';
  const isDefinition = object.group === 'apiextensions.k8s.io' && object.kind === 'CustomResourceDefinition';
  return isDefinition ? 'every object of its kind' : null;
}

export const namespaceUnguarded: Rule = {
  id: 'namespace-unguarded',
  title: 'A namespace is deleted without a question',
  severity: losslessOnly,
  judges: 'state',
  faults: ({ folder }) =>
    folder.all('/Namespace').flatMap(({ object }) => {
      const missing = (['Prune', 'Delete'] as const).filter((act) => !isGuarded(object, act));
      if (missing.length === 0) return [];
      const wanted = missing.map((act) => `${act}=confirm`).join(',');
      return [
        {
          at: object.field('metadata', 'annotations', syncOptionsAnnotation),
          what: 'does not ask before it is deleted',
          why: 'When its file is lost, or its Application goes, everything in it goes as well.',
          fix: `Annotate it with ${syncOptionsAnnotation}: ${wanted}`,
        },
      ];
    }),
};
