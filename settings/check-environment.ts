import { isLabel, isRecord, labelRule, says, unknownKeys } from './value.ts';

const known = [
  'namespace',
  'replicas',
  'exposure',
  'maxSurge',
  'externalTrafficPolicy',
  'endpointLagSeconds',
  'url',
  'autoRollback',
  'unchecked',
];
const knownUnchecked = ['because', 'maxSurge', 'maxUnavailable', 'minReadySeconds', 'drainSeconds', 'probes'];
const exposures = ['load-balancer', 'node-port', 'cluster-ip'];

function isWhole(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Checks one environment; `path` is its place in the settings. */
export function* environmentProblems(path: string, environment: unknown): Generator<string> {
  if (!isRecord(environment)) {
    yield `${path} ${says(environment)}, expected an object with namespace, replicas and exposure.`;
    return;
  }
  yield* unknownKeys(`${path}.`, environment, known);
  yield* namespaceProblems(`${path}.namespace`, environment['namespace']);
  const { replicas, maxSurge } = environment;
  if (!isWhole(replicas, 2)) {
    yield `${path}.replicas ${says(replicas)}, but a rollout without loss needs at least 2. Set it to a whole number of 2 or more.`;
  }
  if (maxSurge !== undefined && !isWhole(maxSurge, 1)) {
    yield `${path}.maxSurge ${says(maxSurge)}, but a rolling update without loss starts a new pod before it stops an old one. Set it to a whole number of 1 or more, or leave it out.`;
  }
  yield* exposureProblems(path, environment);
  yield* verificationProblems(path, environment);
  if (environment['unchecked'] !== undefined) {
    yield* uncheckedProblems(`${path}.unchecked`, environment['unchecked']);
  }
}

function* namespaceProblems(path: string, namespace: unknown): Generator<string> {
  if (!isLabel(namespace, 63)) {
    yield `${path} ${says(namespace)}, expected a name of ${labelRule(63)}.`;
  } else if (/^(?:default$|argocd$|kube-|gke-|gmp-)/.test(namespace)) {
    yield `${path} is '${namespace}', which belongs to the cluster, to Google or to Argo CD. Choose one that only this service uses.`;
  }
}

function* exposureProblems(path: string, environment: Readonly<Record<string, unknown>>): Generator<string> {
  const { exposure, externalTrafficPolicy: policy, endpointLagSeconds: lag } = environment;
  if (exposure === 'gateway') {
    yield `${path}.exposure is 'gateway', which is reserved for a Google L7 load balancer and not supported yet. Use ${exposures.join(', ')}.`;
  } else if (typeof exposure !== 'string' || !exposures.includes(exposure)) {
    yield `${path}.exposure ${says(exposure)}, expected one of ${exposures.join(', ')}.`;
  }
  if (policy !== undefined && policy !== 'Cluster' && policy !== 'Local') {
    yield `${path}.externalTrafficPolicy ${says(policy)}, expected Cluster or Local.`;
  } else if (policy !== undefined && exposure === 'cluster-ip') {
    yield `${path}.externalTrafficPolicy is '${policy}', but cluster-ip takes no traffic from outside. Leave it out.`;
  }
  if (lag !== undefined && !isDuration(lag)) {
    yield `${path}.endpointLagSeconds ${says(lag)}, expected a number of seconds of 0 or more.`;
  }
}

function* verificationProblems(path: string, environment: Readonly<Record<string, unknown>>): Generator<string> {
  const { url, autoRollback } = environment;
  if (url !== undefined && !isOrigin(url)) {
    yield `${path}.url ${says(url)}, expected where clients reach the service, without a path: https://staging.example.com.`;
  }
  if (autoRollback !== undefined && typeof autoRollback !== 'boolean') {
    yield `${path}.autoRollback ${says(autoRollback)}, expected true or false.`;
  }
}

function isOrigin(url: unknown): boolean {
  if (typeof url !== 'string' || !URL.canParse(url)) return false;
  const { origin, protocol } = new URL(url);
  return ['http:', 'https:'].includes(protocol) && url.replace(/\/$/, '') === origin;
}

function* uncheckedProblems(path: string, unchecked: unknown): Generator<string> {
  if (!isRecord(unchecked)) {
    yield `${path} ${says(unchecked)}, expected an object with because and the values that skip the checks.`;
    return;
  }
  yield* unknownKeys(`${path}.`, unchecked, knownUnchecked);
  const { because, drainSeconds, probes } = unchecked;
  if (typeof because !== 'string' || because.trim() === '') {
    yield `${path}.because ${says(because)}, but values that skip the checks need a reason. Say why nobody should copy them.`;
  }
  if (drainSeconds !== undefined && !isDuration(drainSeconds)) {
    yield `${path}.drainSeconds ${says(drainSeconds)}, expected a number of seconds of 0 or more.`;
  }
  for (const key of ['maxSurge', 'maxUnavailable', 'minReadySeconds']) {
    const value = unchecked[key];
    if (value !== undefined && !isWhole(value, 0)) {
      yield `${path}.${key} ${says(value)}, expected a whole number of 0 or more.`;
    }
  }
  if (probes !== undefined && probes !== 'all' && probes !== 'liveness-only') {
    yield `${path}.probes ${says(probes)}, expected all or liveness-only.`;
  }
}
