import { describe, expect, test } from 'vitest';
import { policy, service } from './manifests.ts';
import { adding, changing, edited, inFolder, rulesOf, swap } from './sample.ts';

const ranges = (list: string): string =>
  edited(service, '  type: LoadBalancer\n', `  type: LoadBalancer\n  loadBalancerSourceRanges: [${list}]\n`);

const team = (name: string): string => `{namespaceSelector: {matchLabels: {team: ${name}}}}`;

describe('a Service', () => {
  test.each([
    [
      'E1',
      edited(service, '  type: LoadBalancer\n', '  type: LoadBalancer\n  publishNotReadyAddresses: true\n'),
      ['service-changed'],
    ],
    [
      'E3',
      edited(service, '  type: LoadBalancer\n', '  type: LoadBalancer\n  loadBalancerIP: 10.0.0.1\n'),
      ['service-changed'],
    ],
    [
      'E3 families',
      edited(service, '  type: LoadBalancer\n', '  type: LoadBalancer\n  internalTrafficPolicy: Local\n'),
      ['service-changed'],
    ],
    ['type', edited(service, 'type: LoadBalancer', 'type: ClusterIP'), ['service-type-changed']],
    [
      'old backend config',
      edited(
        service,
        '  namespace: shop\n',
        "  namespace: shop\n  annotations: {beta.cloud.google.com/backend-config: '{}'}\n",
      ),
      ['service-type-changed'],
    ],
    ['port', edited(service, 'port: 80\n', 'port: 81\n'), ['service-port-changed']],
    ['name of a port', edited(service, 'name: http', 'name: web'), ['service-port-changed']],
    ['target by its name', edited(service, 'targetPort: 8080', 'targetPort: http'), []],
    [
      'network endpoint groups',
      edited(
        service,
        '  namespace: shop\n',
        '  namespace: shop\n  annotations: {cloud.google.com/neg: \'{"ingress": true}\'}\n',
      ),
      [],
    ],
    [
      'what the API server fills in',
      edited(
        service,
        '  type: LoadBalancer\n',
        '  type: LoadBalancer\n  sessionAffinity: None\n  internalTrafficPolicy: Cluster\n',
      ),
      [],
    ],
    ['one more port', `${service}    - {name: metrics, port: 9090, targetPort: 8080}\n`, []],
  ])('%s', (_name, after, rules) => {
    expect(changing(service, after)).toEqual(rules);
  });

  test('lets a range of senders become a wider one', () => {
    const before = inFolder(swap(service, ranges('10.1.0.0/16')));
    expect(rulesOf(before, inFolder(swap(service, ranges('10.0.0.0/8'))))).toEqual([]);
    expect(rulesOf(before, inFolder(swap(service, ranges('10.1.0.0/24'))))).toEqual(['senders-narrowed']);
  });
});

const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    kubernetes.io/ingress.global-static-ip-name: one
spec:
  ingressClassName: gce
  rules:
    - host: a.example
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
    - host: b.example
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}
`;
const route = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  hostnames: [a.example, b.example]
  rules:
    - backendRefs: [{name: web, port: 80, weight: 9}, {name: web, port: 81, weight: 1}]
`;
const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: shop}
spec:
  gatewayClassName: gke
  listeners: [{name: http, port: 80, protocol: HTTP}, {name: https, port: 443, protocol: HTTPS}]
`;
const health =
  'apiVersion: networking.gke.io/v1\nkind: HealthCheckPolicy\nmetadata: {name: web, namespace: shop}\nspec: {default: {}}\n';

describe('routes and policies of a load balancer', () => {
  test.each([
    ['E4 host', ingress, ingress.slice(0, ingress.indexOf('    - host: b.example')), ['routing-changed']],
    [
      'E4 backend',
      ingress,
      edited(ingress, 'service: {name: web, port: {number: 80}}', 'service: {name: web2, port: {number: 80}}'),
      ['routing-changed', 'backend-missing (warn)'],
    ],
    ['E4 class', ingress, edited(ingress, 'gce', 'nginx'), ['routing-changed']],
    ['E4 address', ingress, edited(ingress, 'name: one', 'name: two'), ['routing-changed']],
    ['E4 port', ingress, edited(ingress, 'number: 80', 'number: 81'), ['routing-changed', 'backend-missing (warn)']],
    [
      'one more host',
      ingress,
      `${ingress}    - host: c.example\n      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}\n`,
      [],
    ],
    ['a note', ingress, edited(ingress, '  annotations:\n', '  annotations:\n    example.com/owner: shop\n'), []],
    ['E5 host', route, edited(route, 'a.example, b.example', 'a.example'), ['routing-changed']],
    ['E5 weight', route, edited(route, 'weight: 9', 'weight: 0'), ['routing-changed']],
    ['a shift of weights', route, edited(edited(route, 'weight: 9', 'weight: 8'), 'weight: 1', 'weight: 2'), []],
    ['E5 class', gateway, edited(gateway, 'gke', 'gke-2'), ['routing-changed']],
    ['E5 listener', gateway, edited(gateway, ', {name: https, port: 443, protocol: HTTPS}', ''), ['routing-changed']],
    ['E5 policy gone', health, '', ['routing-changed']],
  ])('%s', (_name, before, after, rules) => {
    const more = after === '' ? [] : [after];
    const found = rulesOf(
      inFolder((one) => one, before),
      inFolder((one) => one, ...more),
    );
    // A port that the sample's Service does not have is not what these cases are about.
    expect(found.filter((rule) => rule !== 'backend-missing (warn)' || before === ingress)).toEqual(rules);
  });
});

const senders = (from: string): string => policy.replace('    - ports:', `    - from: [${from}]\n      ports:`);
const egress = (list: string): string =>
  policy.replace('    - Ingress\n', '    - Ingress\n    - Egress\n') + `  egress: [${list}]\n`;
const dns = '{ports: [{port: 53, protocol: UDP}]}';
const database = '{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 5432}]}';

describe('policies', () => {
  test.each([
    ['E6 a team', senders(`${team('a')}, ${team('b')}`), senders(team('a')), ['traffic-cut']],
    ['E6 another team', senders(team('a')), senders(team('b')), ['traffic-cut']],
    [
      'E6 a smaller range',
      senders('{ipBlock: {cidr: 10.0.0.0/8}}'),
      senders('{ipBlock: {cidr: 10.1.0.0/16}}'),
      ['traffic-cut'],
    ],
    [
      'E6 an exception',
      senders('{ipBlock: {cidr: 10.0.0.0/8}}'),
      senders('{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}'),
      ['traffic-cut'],
    ],
    ['a wider range', senders('{ipBlock: {cidr: 10.1.0.0/16}}'), senders('{ipBlock: {cidr: 10.0.0.0/8}}'), []],
    ['one more team', senders(team('a')), senders(`${team('a')}, ${team('b')}`), []],
    ['E7 names', egress(`${dns}, ${database}`), egress(database), ['egress-cut']],
    ['E7 the database', egress(`${dns}, ${database}`), egress(dns), ['egress-cut']],
    ['E7 a type', policy, policy.replace('    - Ingress\n', '    - Ingress\n    - Egress\n'), ['egress-cut']],
    ['more ways out', egress(dns), egress(`${dns}, ${database}`), []],
  ])('%s', (_name, before, after, rules) => {
    expect(rulesOf(inFolder(swap(policy, before)), inFolder(swap(policy, after)))).toEqual(rules);
  });

  test('E7: a new policy that denies everything', () => {
    const deny =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Egress]}\n';
    expect(adding(deny)).toEqual(['egress-cut']);
  });
});
