import { isDeepStrictEqual } from 'node:util';
import { type FolderComparison, inWords } from '../../model/comparison.ts';
import type { Folder } from '../../model/folder.ts';
import type { ManifestObject } from '../../model/object.ts';
import {
  admitted,
  hasWayOut,
  lostPeers,
  mayAskForNames,
  type Peer,
  policiesOn,
  type Policy,
  waysOut,
} from '../../model/policies.ts';
import { resolvePort, type ServedPort, type Workload } from '../../model/workload.ts';
import { type Fault, refused, type Rule } from '../../rule.ts';

export const trafficCut: Rule = {
  id: 'traffic-cut',
  title: 'A NetworkPolicy cuts senders off',
  severity: refused,
  judges: 'change',
  faults: (folder) => [
    ...folder.after.workloads.flatMap((workload) => {
      const old = folder.before.counterpart(workload);
      return old === undefined ? ofNew(workload, folder) : ofPods(workload, old, folder);
    }),
    ...folder.changes.flatMap(({ before, after }) => ofOthers(before, after)),
  ],
};

/** Policies of meshes and networks, which say in their own ways who may send to whom. */
const others =
  /^(?:security\.istio\.io\/(?:AuthorizationPolicy|PeerAuthentication|RequestAuthentication)|cilium\.io\/Cilium(?:Clusterwide)?NetworkPolicy|(?:crd\.)?projectcalico\.org\/(?:Global)?NetworkPolicy|policy\.linkerd\.io\/(?:AuthorizationPolicy|Server|ServerAuthorization)|policy\.networking\.k8s\.io\/(?:Baseline)?AdminNetworkPolicy)$/;

function ofOthers(before: ManifestObject | null, after: ManifestObject | null): readonly Fault[] {
  if (after === null || !others.test(after.type)) return [];
  if (before !== null && isDeepStrictEqual(before.field('spec').value, after.field('spec').value)) return [];
  return [
    {
      at: after.field('spec'),
      severity: 'warn',
      what: before === null ? 'is new, and nobody judges it here' : 'changes, and nobody judges it here',
      why: 'It may cut senders off at once, and every pod stays ready.',
      fix: 'See that it admits every sender, for the pods that run and for the new ones.',
    },
  ];
}

/** Whom a new workload is for is its author's choice, but somebody it should be for. */
function ofNew(workload: Workload, { after }: FolderComparison): readonly Fault[] {
  const policies = policiesOn(workload, after, 'Ingress');
  const ports = portsOf(workload, after);
  const [first] = ports;
  if (first === undefined || !ports.every((port) => admitted(policies, port).length === 0)) return [];
  return cut(policies, `lets nobody send to port ${first.number} of ${workload.object.title}`);
}

/** Argo CD applies policies at once, so they hold for the old pods, which serve until the first new one is ready, and for the new. */
function ofPods(workload: Workload, old: Workload, folder: FolderComparison): readonly Fault[] {
  const was = policiesOn(old, folder.before, 'Ingress');
  const [forOld, forNew] = [old, workload].map((pods) => policiesOn(pods, folder.after, 'Ingress'));
  const [former, now] = [portsOf(old, folder.before), portsOf(workload, folder.after)];
  const compare = (
    from: Port,
    to: Port,
    policies: readonly Policy[],
    pods: Workload,
    which: string,
  ): readonly Fault[] => {
    const [before, after] = [admitted(was, from), admitted(policies, to)];
    // Whoever uses a port to which no Service sends knows it in another way, and its author may choose who that is.
    const lost = from.isServed ? lostPeers(before, after) : after.length === 0 ? before : [];
    return lost.length === 0 ? [] : cut(policies, sentence(lost, after, to, pods, which));
  };
  const running = former.flatMap((port) => compare(port, port, forOld ?? [], old, 'the running pods of '));
  if (running.length > 0) return running;
  return now.flatMap((port) => {
    const counterpart = sameUse(port, former) ?? (former.length === 1 && now.length === 1 ? former[0] : undefined);
    return counterpart === undefined ? [] : compare(counterpart, port, forNew ?? [], workload, '');
  });
}

/** The port that did the same before: of the same Service, of the same name, or of the same number. */
function sameUse(port: Port, former: readonly Port[]): Port | undefined {
  return (
    former.find((other) => other.services.some((service) => port.services.includes(service))) ??
    former.find((other) => other.name !== undefined && other.name === port.name) ??
    former.find((other) => other.number === port.number && other.protocol === port.protocol)
  );
}

function sentence(
  lost: readonly Peer[],
  now: readonly Peer[],
  { number }: ServedPort,
  workload: Workload,
  which: string,
): string {
  const to = `to port ${number} of ${which}${workload.object.title}`;
  if (now.length === 0) return `lets nobody send ${to}`;
  return lost.includes(null)
    ? `lets only some senders send ${to}, where anyone could`
    : `no longer lets ${inWords(lost[0])} send ${to}`;
}

/** The first of the policies is where its author looks. */
function cut(policies: readonly Policy[], what: string): readonly Fault[] {
  return policies.slice(0, 1).map((policy) => ({
    at: policy.at('spec', 'ingress'),
    what,
    why: 'What it leaves out is cut off at once, and every pod stays ready: probes come from the node, which is always let in.',
    fix: 'Admit the old and the new port, and every sender, until nothing uses them.',
  }));
}

/** A port of pods, and the ports of Services that send to it. */
interface Port extends ServedPort {
  readonly services: readonly string[];
  /** False where Services send to these pods, but not to this port. */
  readonly isServed: boolean;
}

/** The ports that containers name and those to which Services send. */
function portsOf(workload: Workload, folder: Folder): readonly Port[] {
  const services = folder.servicesOf(workload);
  const uses = services.flatMap((service) =>
    service
      .at('spec', 'ports')
      .items()
      .flatMap((port) => {
        const target = resolvePort(port, workload);
        const protocol = port.at('protocol').text ?? 'TCP';
        return target.kind === 'nowhere'
          ? []
          : [{ number: target.number, protocol, use: `${service.object.key} ${String(port.at('port').value)}` }];
      }),
  );
  const bare = uses.filter(({ number }) => !workload.ports.some((port) => port.number === number));
  const all = [...workload.ports, ...bare.map(({ number, protocol }) => ({ number, protocol, name: undefined }))];
  return all.map((port) => {
    const own = uses
      .filter(({ number, protocol }) => number === port.number && protocol === port.protocol)
      .map(({ use }) => use);
    return { ...port, services: own, isServed: services.length === 0 || own.length > 0 };
  });
}

export const egressCut: Rule = {
  id: 'egress-cut',
  title: 'A NetworkPolicy cuts pods off from what they send to',
  severity: refused,
  judges: 'change',
  faults: ({ before, after }) =>
    after.workloads.flatMap((workload): readonly Fault[] => {
      const old = before.counterpart(workload);
      if (old === undefined) return [];
      const was = waysOut(policiesOn(old, before, 'Egress'));
      const narrower = [old, workload]
        .map((pods) => policiesOn(pods, after, 'Egress'))
        .find((policies) => was.some((way) => !hasWayOut(way, waysOut(policies))));
      const now = waysOut(narrower ?? []);
      const lost = was.find((way) => !hasWayOut(way, now));
      const policy = narrower?.[0];
      if (policy === undefined || lost === undefined) return [];
      const isNames = mayAskForNames(was) && !mayAskForNames(now);
      const to = lost.peer === null ? 'wherever they could' : `to ${inWords(lost.peer)} as they could`;
      const what = isNames ? 'ask for names (port 53)' : `send ${to}`;
      return [
        {
          at: policy.at('spec', policy.at('spec', 'egress').isSet ? 'egress' : 'policyTypes'),
          key: workload.object.key,
          what: `no longer lets the pods of ${workload.object.title} ${what}`,
          why: isNames
            ? 'Every request for which a pod needs a name fails at once, and every pod stays ready.'
            : 'Connections to what it leaves out fail at once, and every pod stays ready.',
          fix: 'Keep what the pods use. Log refused connections first, and narrow the policy when nothing is refused any more.',
        },
      ];
    }),
};
