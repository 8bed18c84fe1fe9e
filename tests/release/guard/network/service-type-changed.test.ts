import { expect, test } from 'vitest';
import { edited, rulesAgainst, sentencesAgainst, web } from '../rendered.ts';

test('refuses another type', () => {
  expect(sentencesAgainst(web, edited(web, 'type: LoadBalancer', 'type: NodePort'))).toEqual([
    'manifests/staging/web.yaml: Service web-staging/web changes its type from LoadBalancer to NodePort. The way in is set up anew, and requests are lost until it is there: add a second Service instead, and move clients over to it, or allow it with --allow service-type-changed --because "...".',
  ]);
});

test('takes a Service that says no type for a ClusterIP', () => {
  const silent = edited(web, '  type: LoadBalancer\n', '');
  expect(sentencesAgainst(web, silent)[0]).toContain('its type from LoadBalancer to ClusterIP. ');
  expect(rulesAgainst(silent, edited(web, 'type: LoadBalancer', 'type: ClusterIP'))).toEqual([]);
});

test('refuses another traffic policy', () => {
  const after = edited(web, 'externalTrafficPolicy: Cluster', 'externalTrafficPolicy: Local');
  expect(sentencesAgainst(web, after)[0]).toContain('its externalTrafficPolicy from Cluster to Local. ');
});

test('refuses another class of load balancer', () => {
  const after = edited(web, 'type: LoadBalancer', 'type: LoadBalancer\n  loadBalancerClass: example.com/other');
  expect(sentencesAgainst(web, after)[0]).toContain('its loadBalancerClass from none to example.com/other. ');
});

const service = 'kind: Service\nmetadata:\n';

const annotated = (annotation: string): string => edited(web, service, `${service}  annotations: { ${annotation} }\n`);

test.each(['networking.gke.io/load-balancer-type: Internal', 'cloud.google.com/l4-rbs: enabled'])(
  'refuses an annotation that chooses another load balancer: %s',
  (annotation) => {
    const [key = '', value] = annotation.split(': ');
    expect(sentencesAgainst(web, annotated(annotation))[0]).toContain(`its annotation ${key} from none to ${value}. `);
    expect(sentencesAgainst(annotated(annotation), web)[0]).toContain(`its annotation ${key} from ${value} to none. `);
  },
);

test('lets other annotations pass', () => {
  expect(rulesAgainst(web, annotated('example.com/owner: shop'))).toEqual([]);
});
