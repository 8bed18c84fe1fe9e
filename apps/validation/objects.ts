import { isRecord } from '../../settings/sentences.ts';
import { groupKindOf, isMadeByControllers } from '../argo/project.ts';
import {
  at,
  type Fields,
  type Finding,
  items,
  label1035Fault,
  labelFault,
  type NameFault,
  pathSegmentFault,
  subdomainFault,
  under,
} from './grammar.ts';
import { isCustomGroup, isOwnGroup, kindNamed, kubernetesVersion } from './schema/schema.ts';
import { namedFindings } from './structure.ts';

// Where a kind has a rule of its own; every other name is a subdomain (pkg/apis/*/validation).
const nameRules: Readonly<Record<string, NameFault>> = {
  Namespace: labelFault,
  Service: label1035Fault,
  StatefulSet: labelFault,
  Role: pathSegmentFault,
  ClusterRole: pathSegmentFault,
  RoleBinding: pathSegmentFault,
  ClusterRoleBinding: pathSegmentFault,
};

// A CronJob's name gets 11 characters more in its jobs (pkg/apis/batch/validation), and a Job's has to fit a label.
const longestNames: Readonly<Record<string, number>> = { CronJob: 52, Job: 63 };

/**
 * Says what an API server would refuse in one object under server-side apply, and which of its amounts mean something else than they
 * look; a sentence each, nothing for a good one. Of a kind of somebody else's, only the metadata can be judged.
 */
export function objectProblems(object: unknown): string[] {
  if (!isRecord(object)) return ['A document is no object. Remove it, or give it apiVersion, kind and metadata.'];
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    // Argo CD skips such a document without a word, and prunes what it stood for.
    return [`${titleOf(object)}: has no apiVersion and kind, so nobody can tell what it is. Add them.`];
  }
  const findings = [...nameFindings(kind, object), ...kindFindings(apiVersion, kind, object)];
  const sentences = findings.map(
    ({ path, says: words }) => `${titleOf(object)}: ${[path, words].join(' ').trimStart()}.`,
  );
  return [...new Set(sentences)];
}

/** An object as people name it: `Deployment web-production/web`. */
export function titleOf(object: unknown): string {
  const [kind, namespace, name] = [
    at(object, 'kind'),
    at(object, 'metadata', 'namespace'),
    at(object, 'metadata', 'name'),
  ];
  const place = [namespace, name].filter((part) => typeof part === 'string').join('/');
  return `${typeof kind === 'string' ? kind : 'A document'} ${place}`.trimEnd();
}

function* nameFindings(kind: string, object: Fields): Generator<Finding> {
  const name = at(object, 'metadata', 'name');
  const fault = (nameRules[kind] ?? subdomainFault)(name);
  if (fault !== null) yield { path: 'metadata.name', says: fault };
  const longest = longestNames[kind] ?? Infinity;
  if (typeof name === 'string' && name.length > longest) {
    yield {
      path: 'metadata.name',
      says: `has ${name.length} characters, but a ${kind}'s has at most ${longest}. Shorten it`,
    };
  }
}

function* kindFindings(apiVersion: string, kind: string, object: Fields): Generator<Finding> {
  const known = kindNamed(apiVersion, kind);
  if (isMadeByControllers(groupKindOf(apiVersion, kind))) {
    yield { path: '', says: `only the controllers of Kubernetes make a ${kind}. Commit the object that it is made of` };
  } else if (known !== null) {
    // A custom kind's schema takes no null; elsewhere it is how a field is left out.
    const given = isCustomGroup(apiVersion) ? object : withoutNulls(object);
    yield* namedFindings(known.schema, kind === 'StatefulSet' ? withClaims(given) : given);
  } else if (isOwnGroup(apiVersion)) {
    yield {
      path: '',
      says: `${apiVersion} ${kind} is not a stable kind of Kubernetes ${kubernetesVersion}. Correct apiVersion or kind`,
    };
  } else {
    yield* under(
      'metadata',
      namedFindings('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', withoutNulls(object)['metadata']),
    );
  }
}

function withoutNulls(fields: Fields): Fields {
  const clean = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(clean);
    return isRecord(value) && !(value instanceof Date) ? withoutNulls(value) : value;
  };
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  return Object.fromEntries(given.map(([key, value]) => [key, clean(value)]));
}

/** A StatefulSet as its controller makes pods of it: what is claimed for a pod is a volume of it. */
function withClaims(object: Fields): Fields {
  const [spec, template, pod] = [
    at(object, 'spec'),
    at(object, 'spec', 'template'),
    at(object, 'spec', 'template', 'spec'),
  ];
  const claims = items(at(spec, 'volumeClaimTemplates')).map(([, claim]) => at(claim, 'metadata', 'name'));
  if (!isRecord(spec) || !isRecord(template) || !isRecord(pod) || claims.length === 0) return object;
  const own = items(pod['volumes']).map(([, volume]) => volume);
  const claimed = claims
    .filter((name) => !own.some((volume) => volume['name'] === name))
    .map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  return { ...object, spec: { ...spec, template: { ...template, spec: { ...pod, volumes: [...own, ...claimed] } } } };
}
