import type { JsonObject } from '../terraform-json.ts';

const refresh = 'argocd.argoproj.io/refresh';

/** In CEL, where a field may be absent: an object's annotations. */
function annotations(object: string): string {
  return `has(${object}.metadata.annotations) ? ${object}.metadata.annotations : {}`;
}

/** True in CEL when a map may only have changed at one key. */
function onlyChangesAt(key: string): string {
  const unchanged = (a: string, b: string) => `${a}.all(k, k == '${key}' || (k in ${b} && ${b}[k] == ${a}[k]))`;
  return `${unchanged('variables.now', 'variables.before')} && ${unchanged('variables.before', 'variables.now')}`;
}

function same(field: string): string {
  return `has(object.${field}) == has(oldObject.${field}) && (!has(object.${field}) || object.${field} == oldObject.${field})`;
}

/**
 * Holds one user to asking Applications for a refresh. RBAC knows no finer right than "patch", with which the same user
 * could point an application at another repository.
 */
export function refreshOnly(name: string, user: string): JsonObject[] {
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            { apiGroups: ['argoproj.io'], apiVersions: ['*'], operations: ['UPDATE'], resources: ['applications'] },
          ],
        },
        matchConditions: [{ name: 'user', expression: `request.userInfo.username == '${user}'` }],
        variables: [
          { name: 'before', expression: annotations('oldObject') },
          { name: 'now', expression: annotations('object') },
        ],
        validations: [
          ...['spec', 'operation', 'status', 'metadata.labels', 'metadata.finalizers', 'metadata.ownerReferences'].map(
            (field) => ({
              expression: same(field),
              message: `${user} may not change ${field}, only ask for a refresh.`,
            }),
          ),
          {
            expression: onlyChangesAt(refresh),
            message: `${user} may change no annotation but ${refresh}.`,
          },
        ],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}
