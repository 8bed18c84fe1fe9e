import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ApiError, type Cluster } from 'zerodrop/rollout';
import { compareInstalled } from '../../../cluster/installed/installed.ts';

const manifest = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, namespace: argocd}
data: {exec.enabled: "false"}
---
# nothing but a comment
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: refreshes-only}
spec: {failurePolicy: Fail}
---
apiVersion: v1
kind: Secret
metadata: {name: argocd-secret}
---
apiVersion: example.com/v1
kind: Gone
metadata: {name: it}
`;

/** As Helm keeps a release in a ConfigMap. */
function record(name: string): object {
  const json = JSON.stringify({ name, namespace: 'argocd', version: 1, manifest });
  return { data: { release: gzipSync(json).toString('base64') } };
}

/** A Kubernetes API with these objects by path; every other path is not there. */
function clusterWith(objects: Readonly<Record<string, object>>): Cluster & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    context: 'test',
    asked,
    stream: () => Promise.reject(new Error('nothing is watched')),
    request: ({ method, path }) => {
      asked.push(`${method} ${path}`);
      const found = objects[path];
      if (found === undefined) return Promise.reject(new ApiError(404, `${path} is not there`));
      return Promise.resolve({ body: JSON.stringify(found), warnings: [] });
    },
  };
}

const resources = {
  '/api/v1/namespaces/argocd/configmaps': { items: [record('argocd')] },
  '/api/v1': {
    resources: [
      { kind: 'ConfigMap', name: 'configmaps', namespaced: true },
      { kind: 'Secret', name: 'secrets', namespaced: true },
    ],
  },
  '/apis/admissionregistration.k8s.io/v1': {
    resources: [{ kind: 'ValidatingAdmissionPolicy', name: 'validatingadmissionpolicies', namespaced: false }],
  },
};

test('tells what is gone and what is different, and reads no Secret', async () => {
  const cluster = clusterWith({
    ...resources,
    '/api/v1/namespaces/argocd/configmaps/argocd-cm': {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'argocd-cm', namespace: 'argocd' },
      data: { 'exec.enabled': 'true', 'users.anonymous.enabled': 'true' },
    },
  });
  await expect(compareInstalled(cluster, 'argocd', ['argocd', 'root'])).resolves.toEqual({
    compared: 3,
    problems: [
      'Helm has no deployed release root in namespace argocd.',
      'ConfigMap argocd-cm: data."exec.enabled" is "true", Helm installed "false".',
      'ConfigMap argocd-cm: data."users.anonymous.enabled" is "true", and is not in Helm\'s manifest.',
      "ValidatingAdmissionPolicy refreshes-only of Helm's release argocd is gone.",
      "Gone it of Helm's release argocd is gone.",
    ],
  });
  expect(cluster.asked.filter((path) => path.includes('secret') || !path.startsWith('GET '))).toEqual([]);
});

test('ends where it may not read, instead of calling it gone', async () => {
  const refused: Cluster = {
    ...clusterWith(resources),
    request: ({ path }) =>
      path.endsWith('/argocd-cm')
        ? Promise.reject(new ApiError(403, 'forbidden'))
        : clusterWith(resources).request({ method: 'GET', path }),
  };
  await expect(compareInstalled(refused, 'argocd', ['argocd'])).rejects.toThrow('forbidden');
});
