import { expect, test } from 'vitest';
import { accessObjects, refreshOnly } from '../../../cluster/argocd/access.ts';
import { at } from '../../../cluster/terraform-json.ts';
import { resolveGoogle } from '../../../settings/google/resolve.ts';
import { googleOf, samples } from '../sample.ts';

const [policy, binding] = refreshOnly('only', 'ci@example.com');

test('holds the one user back, and nobody else', () => {
  expect(policy).toMatchObject({
    spec: {
      failurePolicy: 'Fail',
      matchConditions: [{ expression: "request.userInfo.username == 'ci@example.com'" }],
      matchConstraints: { resourceRules: [{ resources: ['applications'], operations: ['UPDATE'] }] },
    },
  });
  expect(binding).toMatchObject({ spec: { policyName: 'only', validationActions: ['Deny'] } });
});

test('lets nothing change but the annotation that asks for a refresh', () => {
  const expressions = JSON.stringify(policy);
  for (const field of ['spec', 'operation', 'status', 'metadata.labels', 'metadata.finalizers']) {
    expect(expressions).toContain(`object.${field} == oldObject.${field}`);
  }
  expect(expressions).toContain("k == 'argocd.argoproj.io/refresh' ||");
});

test('gives CI in the cluster what it needs: releases to plan, applications to refresh', () => {
  const objects = accessObjects(samples.demo.targets, resolveGoogle(googleOf(samples.demo)));
  const rules = objects.flatMap((object) => [object['rules'] ?? []].flat());
  const more = rules.filter((rule) => JSON.stringify(at(rule, 'verbs')) !== '["get"]');
  expect(more).toEqual([
    { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] },
    { apiGroups: ['argoproj.io'], resources: ['applications'], verbs: ['get', 'list', 'watch', 'patch'] },
  ]);
  expect(JSON.stringify(objects)).not.toMatch(/"secrets"|"\*".*verbs|cluster-admin/);
});
