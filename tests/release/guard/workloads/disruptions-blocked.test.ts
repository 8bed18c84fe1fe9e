import { expect, test } from 'vitest';
import { edited, linesAgainst, rulesAgainst, web } from '../rendered.ts';

const budget = (allows: string): string => edited(web, '  maxUnavailable: 1\n  selector', `  ${allows}\n  selector`);
const autoscaler = (minimum: number): string =>
  `---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: web\n  namespace: web-staging\nspec:\n  minReplicas: ${minimum}\n  maxReplicas: 9\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: web\n`;

test('refuses a budget that lets no pod go', () => {
  expect(linesAgainst(web, budget('maxUnavailable: 0'))).toEqual([
    'disruptions-blocked | maxUnavailable: 0 | PodDisruptionBudget web-staging/web has maxUnavailable 0. No pod of it may ever be moved: a node that is drained waits, GKE for an hour, and then ends all of its pods at once: allow one with maxUnavailable: 1',
  ]);
  expect(rulesAgainst(web, budget('maxUnavailable: 0%'))).toEqual(['disruptions-blocked']);
});

test('refuses a budget that keeps as many pods as there are', () => {
  expect(linesAgainst(web, budget('minAvailable: 3'))[0]).toContain(
    '| minAvailable: 3 | PodDisruptionBudget web-staging/web keeps 3 of 3 pods. ',
  );
  expect(linesAgainst(web, budget('minAvailable: 100%'))[0]).toContain('has minAvailable 100%. ');
});

test('rounds a share up, as Kubernetes does', () => {
  expect(rulesAgainst(web, budget('minAvailable: 67%'))).toEqual(['disruptions-blocked']);
  expect(rulesAgainst(web, budget('minAvailable: 66%'))).toEqual([]);
});

test('refuses fewer pods than a budget keeps', () => {
  const two = budget('minAvailable: 2');
  expect(rulesAgainst(web, two)).toEqual([]);
  expect(linesAgainst(two, edited(two, 'replicas: 3', 'replicas: 2'))).toEqual([
    expect.stringMatching(
      /^disruptions-blocked \| replicas: 2 \| Deployment web-staging\/web asks for as few pods as PodDisruptionBudget web-staging\/web keeps\. /,
    ),
  ]);
});

test('says nothing of a new image beside a budget that blocked before', () => {
  const blocked = budget('maxUnavailable: 0');
  expect(rulesAgainst(blocked, edited(blocked, ':1.2.3@', ':1.2.4@'))).toEqual([]);
});

test('counts the fewest pods that an autoscaler leaves', () => {
  const scaled = budget('minAvailable: 3') + autoscaler(4);
  expect(rulesAgainst(web, scaled)).toEqual([]);
  expect(rulesAgainst(web, budget('minAvailable: 3') + autoscaler(3))).toEqual(['disruptions-blocked']);
  expect(linesAgainst(scaled, edited(scaled, 'minReplicas: 4', 'minReplicas: 2'))).toEqual([
    expect.stringMatching(/^disruptions-blocked \| minReplicas: 2 \| HorizontalPodAutoscaler web-staging\/web asks/),
  ]);
});

test('does not guess about a budget of pods that are not here', () => {
  const other = edited(
    budget('minAvailable: 3'),
    'minAvailable: 3\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: web',
    'minAvailable: 3\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: other',
  );
  expect(rulesAgainst(web, other)).toEqual([]);
});
