import { isDeepStrictEqual } from 'node:util';
import { type FieldChange, fieldChanges, type FolderComparison, fromTo } from '../../model/comparison.ts';
import { type Field, isRecord, type ManifestObject } from '../../model/object.ts';
import { type Fault, formerly, ofChanges, refused, type Rule, warned, whole } from '../../rule.ts';

/** What brings requests to a Service, and what a load balancer is told about it. */
const routes =
  /^(?:networking\.k8s\.io\/Ingress|networking\.istio\.io\/(?:DestinationRule|Gateway|ServiceEntry|VirtualService)|projectcontour\.io\/HTTPProxy|traefik\.(?:io|containo\.us)\/(?:IngressRoute(?:TCP|UDP)?|Middleware(?:TCP)?|TraefikService)|k8s\.nginx\.org\/(?:VirtualServer|VirtualServerRoute|TransportServer)|elbv2\.k8s\.aws\/(?:TargetGroupBinding|IngressClassParams)|gateway\.networking\.k8s\.io\/(?:Gateway|HTTPRoute|GRPCRoute|TLSRoute|TCPRoute|UDPRoute|BackendTLSPolicy|ReferenceGrant))$/;
const policies =
  /^(?:cloud\.google\.com\/BackendConfig|networking\.gke\.io\/(?:FrontendConfig|ManagedCertificate|GCPBackendPolicy|GCPGatewayPolicy|GCPSessionAffinityPolicy|GCPTrafficDistributionPolicy|HealthCheckPolicy|LBPolicy))$/;
/** Notes, and what changes nothing for requests, although their names are like those of the next ones. */
const noted =
  /^(?:external-dns\.alpha\.kubernetes\.io\/ttl$|kubernetes\.io\/change-cause$|kubectl\.kubernetes\.io\/|app\.kubernetes\.io\/)/;
/** Annotations by which a controller is told what to set up. Others are notes. */
const controlling =
  /^(?:[\w.-]*kubernetes\.io\/(?!description)|(?:beta\.)?cloud\.google\.com\/|networking\.gke\.io\/|traefik\.|haproxy|konghq\.com\/|[\w.-]*ingress[\w.-]*\/)/;

const why =
  'It is where requests come in, and this change is not known to be harmless: the load balancer may drop them, or send them elsewhere.';
const fix = 'Add what is new beside what is there, move clients over, and remove the old part in a later commit.';

export const routingChanged: Rule = {
  id: 'routing-changed',
  title: 'A route or a policy of a load balancer changes in a way that is not known to be harmless',
  severity: refused,
  judges: 'change',
  faults: ofChanges(({ before, after }) => {
    if (before === null) return null;
    const kind = before.type;
    if (after === null) {
      if (!policies.test(kind)) return null;
      const what = 'is gone';
      return {
        at: whole(before),
        what,
        why: 'The load balancer falls back to what it does without it, such as other health checks, time limits or no certificate.',
        fix: 'Keep it.',
      };
    }
    if (!routes.test(kind) && !policies.test(kind)) return null;
    const ofSpec = fieldChanges(before, after, ['spec']).filter((change) => !isAddition(change, kind));
    const ofAnnotations = fieldChanges(before, after, ['metadata', 'annotations']).filter(({ after: field }) => {
      const name = String(field.keys.at(-1));
      return controlling.test(name) && !noted.test(name);
    });
    return [...ofSpec, ...ofAnnotations].map((change): Fault => ({
      at: change.after,
      what: `changes ${nameOf(change)} ${fromTo(change.before.value, change.after.value)}`,
      why: routes.test(kind)
        ? why
        : 'A load balancer takes it over at once, and this change is not known to be harmless.',
      fix,
      instead: formerly,
    }));
  }),
};

function nameOf({ name, after }: FieldChange): string {
  return after.keys[0] === 'metadata' ? `its annotation ${String(after.keys.at(-1))}` : `its ${name}`;
}

/** Times that a load balancer of Google's leaves to requests, with its defaults (GCPBackendPolicy): more of them cuts nobody off. */
const patience: ReadonlyMap<unknown, number> = new Map([
  ['timeoutSec', 30],
  ['drainingTimeoutSec', 0],
]);

/** What is usual is written down, or one more entry comes, which takes nothing away from those that are there. */
function isAddition({ before, after, name }: FieldChange, kind: string): boolean {
  if (kind === 'networking.gke.io/GCPBackendPolicy') {
    const usually = patience.get(after.keys.at(-1));
    const isLonger = usually !== undefined && Number(after.value) > Number(before.value ?? usually);
    return isLonger || after.keys.includes('logging');
  }
  const isGatewayKind = kind.startsWith('gateway.networking.k8s.io/');
  const [old, next] = [before, after].map(({ value, keys }) =>
    isGatewayKind ? withoutUsual(value, String(keys.at(-1))) : value,
  );
  if (isGatewayKind && isDeepStrictEqual(old, next)) return true;
  if (!Array.isArray(next)) return false;
  if (kind === 'networking.k8s.io/Ingress' && (name === 'rules' || name === 'tls')) {
    return hasAll(Array.isArray(old) ? old : [], next, isHostWithMore);
  }
  if (kind === 'gateway.networking.k8s.io/Gateway' && name === 'listeners')
    return Array.isArray(old) && hasAll(old, next, isDeepStrictEqual);
  if (!isGatewayKind) return false;
  // A route without host names takes all of them, so the first name that it gets takes others away.
  if (name === 'hostnames') return Array.isArray(old) && old.length > 0 && hasAll(old, next, isDeepStrictEqual);
  if (name === 'parentRefs') return Array.isArray(old) && hasAll(old, next, isDeepStrictEqual);
  return name === 'rules' && Array.isArray(old) && hasAll(old, next, isShiftOfWeights);
}

/** What the Gateway API fills in where a manifest says nothing (CustomResourceDefinitions of v1), by the field above. */
const usual: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  parentRefs: { group: 'gateway.networking.k8s.io', kind: 'Gateway' },
  backendRefs: { group: '', kind: 'Service', weight: 1 },
  certificateRefs: { group: '', kind: 'Secret' },
  rules: { matches: [{}] },
  matches: { path: {} },
  path: { type: 'PathPrefix', value: '/' },
  headers: { type: 'Exact' },
  queryParams: { type: 'Exact' },
  listeners: { allowedRoutes: {} },
  allowedRoutes: { namespaces: {} },
  namespaces: { from: 'Same' },
  tls: { mode: 'Terminate' },
};

/** A value of a route or a Gateway without what is usual. */
function withoutUsual(value: unknown, above: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutUsual(item, above));
  if (!isRecord(value)) return value;
  const filledIn = Object.hasOwn(usual, above) ? (usual[above] ?? {}) : {};
  const entries = Object.entries(value).map(([key, inner]) => [key, withoutUsual(inner, key)] as const);
  return Object.fromEntries(
    entries.filter(([key, inner]) => !(Object.hasOwn(filledIn, key) && isDeepStrictEqual(filledIn[key], inner))),
  );
}

function hasAll(
  old: readonly unknown[],
  next: readonly unknown[],
  isKept: (old: unknown, next: unknown) => boolean,
): boolean {
  return old.every(
    (entry, index) => isKept(entry, next[index]) || next.some((other) => isDeepStrictEqual(entry, other)),
  );
}

/** The rule of a host that has its paths as before, and more of them. */
function isHostWithMore(old: unknown, next: unknown): boolean {
  const [was, is] = [asRule(old), asRule(next)];
  if (was === null || is === null || was.host !== is.host) return false;
  return was.paths.every((path) => is.paths.some((other) => isDeepStrictEqual(path, other)));
}

function asRule(value: unknown): { readonly host: unknown; readonly paths: readonly unknown[] } | null {
  if (typeof value !== 'object' || value === null) return null;
  const { host, http } = value as { host?: unknown; http?: { paths?: unknown } };
  return Array.isArray(http?.paths) ? { host, paths: http.paths } : null;
}

/** The same rule with other weights, as long as every backend that had requests still gets some. */
function isShiftOfWeights(old: unknown, next: unknown): boolean {
  const [was, is] = [weights(old), weights(next)];
  if (was === null || is === null || !isDeepStrictEqual(was.rest, is.rest)) return false;
  return [...was.backends].every(([backend, weight]) => weight === 0 || (is.backends.get(backend) ?? 0) > 0);
}

function weights(rule: unknown): { readonly rest: unknown; readonly backends: ReadonlyMap<string, number> } | null {
  if (typeof rule !== 'object' || rule === null) return null;
  const { backendRefs, ...rest } = rule as { backendRefs?: unknown };
  if (!Array.isArray(backendRefs)) return null;
  const backends = backendRefs.map((entry: { weight?: unknown } | null) => {
    const { weight = 1, ...backend } = entry ?? {};
    return [JSON.stringify(backend), typeof weight === 'number' ? weight : 1] as const;
  });
  return { rest, backends: new Map(backends) };
}

export const backendMissing: Rule = {
  id: 'backend-missing',
  title: 'A route sends to a Service or a port that is not there',
  severity: warned,
  judges: 'change',
  faults: (folder) =>
    folder.changes
      .flatMap(({ after }) => (after === null ? [] : backendsOf(after)))
      .flatMap((backend) => missing(backend, folder) ?? []),
};

/** A Service that a route sends to. */
interface Backend {
  readonly at: Field<unknown>;
  readonly name: string;
  readonly port: unknown;
}

function backendsOf(object: ManifestObject): readonly Backend[] {
  const ingress = object.as('networking.k8s.io/Ingress');
  if (ingress !== null) {
    const paths = ingress
      .at('spec', 'rules')
      .items()
      .flatMap((rule) => rule.at('http', 'paths').items());
    const all = [ingress.at('spec', 'defaultBackend'), ...paths.map((path) => path.at('backend'))];
    return all.flatMap((backend) => {
      const name = backend.at('service', 'name').text;
      const port = backend.at('service', 'port');
      return name === undefined
        ? []
        : [{ at: backend.at('service'), name, port: port.at('number').value ?? port.at('name').value }];
    });
  }
  const route = object.as('gateway.networking.k8s.io/HTTPRoute') ?? object.as('gateway.networking.k8s.io/GRPCRoute');
  if (route === null) return [];
  return route
    .at('spec', 'rules')
    .items()
    .flatMap((rule) => rule.at('backendRefs').items())
    .flatMap((backend) => {
      const isService = (backend.at('kind').text ?? 'Service') === 'Service' && !backend.at('namespace').isSet;
      const name = backend.at('name').text;
      return name === undefined || !isService ? [] : [{ at: backend, name, port: backend.at('port').value }];
    });
}

function missing({ at, name, port }: Backend, { after }: FolderComparison): Fault | null {
  const service = after.find('/Service', at.object.namespace, name)?.as('/Service');
  const isAnyThere = after.all('/Service').some((other) => other.object.namespace === at.object.namespace);
  if (service === undefined || service === null) {
    if (!isAnyThere) return null;
    return {
      at,
      what: `sends to the Service ${name}, which is not in this folder`,
      why: 'Requests get 502 or 503 until it is there.',
      fix: 'Name a Service that is there.',
    };
  }
  const ports = service.at('spec', 'ports').items();
  if (port === undefined || ports.some((entry) => entry.at('port').value === port || entry.at('name').value === port))
    return null;
  return {
    at,
    what: `sends to port ${String(port)} of ${service.object.title}, which has no such port`,
    why: 'Requests get 502 or 503.',
    fix: 'Name a port of the Service.',
  };
}
