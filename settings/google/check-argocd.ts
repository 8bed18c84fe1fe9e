import { isRecord, says, unknownKeys } from '../value.ts';
import { nodesOf } from './check-nodes.ts';
import { sizes } from './resolve.ts';

/** What an owner gave, not checked yet. */
type Given = Readonly<Record<string, unknown>>;

const known = ['highAvailability', 'domain', 'singleSignOn'];
const knownSignOn = ['organisation', 'adminTeam', 'clientId'];

// Two pods of a part on one node are lost with it.
const highAvailabilityNodes = 2;

/** Argo CD: highly available only where there are nodes for it, public only behind single sign-on. */
export function* argoCdProblems(google: Given): Generator<string> {
  const argocd = google['argocd'] ?? {};
  if (!isRecord(argocd)) {
    yield `google.argocd ${says(argocd)}, expected an object with ${known.join(', ')}.`;
    return;
  }
  yield* unknownKeys('google.argocd.', argocd, known);
  const { domain, singleSignOn } = argocd;
  yield* highAvailabilityProblems(google, argocd['highAvailability']);
  if (singleSignOn !== undefined) yield* signOnProblems(singleSignOn);
  if (domain === undefined) return;
  if (
    typeof domain !== 'string' ||
    !/^(?=.{4,64}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/.test(domain)
  ) {
    yield `google.argocd.domain ${says(domain)}, expected a host name of yours such as 'argocd.example.com'.`;
  } else if (singleSignOn === undefined) {
    yield `google.argocd.domain is '${domain}', which opens Argo CD to everyone who finds it. Set google.argocd.singleSignOn too.`;
  }
}

function* highAvailabilityProblems(google: Given, chosen: unknown): Generator<string> {
  if (chosen !== undefined && typeof chosen !== 'boolean') {
    yield `google.argocd.highAvailability ${says(chosen)}, expected true or false.`;
    return;
  }
  const preset = sizes[google['size'] === 'demo' ? 'demo' : 'production'].highAvailability;
  const { minimum } = nodesOf(google);
  if ((chosen ?? preset) && minimum < highAvailabilityNodes) {
    yield `google.argocd.highAvailability is true, but google.nodes.minimumPerZone makes for ${minimum} ${minimum === 1 ? 'node' : 'nodes'}, and two pods of a part are lost with one node: it takes ${highAvailabilityNodes}. Raise minimumPerZone, or set highAvailability to false.`;
  }
}

function* signOnProblems(signOn: unknown): Generator<string> {
  if (!isRecord(signOn)) {
    yield `google.argocd.singleSignOn ${says(signOn)}, expected an object with ${knownSignOn.join(', ')}.`;
    return;
  }
  yield* unknownKeys('google.argocd.singleSignOn.', signOn, knownSignOn);
  for (const key of knownSignOn) {
    const value = signOn[key];
    if (typeof value !== 'string' || !/^[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(value)) {
      yield `google.argocd.singleSignOn.${key} ${says(value)}, expected what GitHub calls it: letters, digits, hyphens.`;
    }
  }
}
