import { parse, stringify } from 'yaml';
import { application, autoscaler, budget, policy, project } from './manifests.ts';
import type { Chance } from './random.ts';
import { file, folder } from './sample.ts';

/** A change that costs nothing, in one folder of several. */
export interface HonestChange {
  readonly name: string;
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

const claim =
  'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: NAME, namespace: shop}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n';
const digest = (chance: Chance): string =>
  Array.from({ length: 64 }, () => chance.of([...'0123456789abcdef'])).join('');
const pod = (name: string, chance: Chance): string =>
  `      labels: {app: ${name}}\n    spec:\n      containers:\n        - {name: ${name}, image: "registry.example/${name}@sha256:${digest(chance)}"}\n`;
const worker = (name: string, chance: Chance): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  replicas: 1\n  strategy: {type: Recreate}\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata:\n${pod(name, chance)}`;
const store = (name: string, chance: Chance): string =>
  `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  serviceName: ${name}\n  replicas: 1\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata:\n${pod(name, chance)}---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec: {clusterIP: None, selector: {app: ${name}}, ports: [{port: 6379}]}\n`;

type Edit = (text: string, chance: Chance) => string;

/** What people change every day, by the kind of change. */
const edits: Readonly<Record<string, Edit>> = {
  'new image': (text, chance) =>
    text.replace(/web:[\d.]+@sha256:[0-9a-f]{64}/, `web:1.${chance.integer(100)}.0@sha256:${digest(chance)}`),
  'more replicas': (text, chance) => text.replace(/^  replicas: 3$/m, `  replicas: ${4 + chance.integer(6)}`),
  'other resources': (text, chance) =>
    text
      .replace(/cpu: \d+m/, `cpu: ${100 + chance.integer(900)}m`)
      .replace(/memory: \d+Mi/, `memory: ${64 + chance.integer(900)}Mi`),
  'label that nobody selects': (text, chance) =>
    text.replace(
      '      labels:\n        app: web\n',
      `      labels:\n        app: web\n        version: v${chance.integer(100)}\n`,
    ),
  'annotation of the pods': (text, chance) =>
    text.replace(
      '    metadata:\n      labels:\n        app: web\n',
      `    metadata:\n      annotations:\n        example.com/run: "${chance.integer(1_000)}"\n      labels:\n        app: web\n`,
    ),
  'label of an object': (text, chance) =>
    text.replace('  labels:\n    app: web\n', `  labels:\n    app: web\n    team: t${chance.integer(9)}\n`),
  variable: (text, chance) =>
    text.replace(
      '          env:\n',
      `          env:\n            - name: FLAG_${chance.integer(100)}\n              value: "on"\n`,
    ),
  comments: (text, chance) =>
    text
      .split('\n')
      .map((line) => (line !== '' && chance.next() < 0.2 ? `# a note\n${line}` : line))
      .join('\n'),
  'order of documents': (text, chance) => chance.shuffled(text.split('---\n')).join('---\n'),
  'order of keys': (text, chance) =>
    text
      .split('---\n')
      .map((one) => stringify(shuffledKeys(read(one), chance), { version: '1.1' }))
      .join('---\n'),
  formatting: (text) =>
    text
      .split('---\n')
      .map((one) =>
        stringify(read(one), { version: '1.1', indent: 4, indentSeq: false, defaultStringType: 'QUOTE_DOUBLE' }),
      )
      .join('---\n'),
  'JSON in YAML': (text) =>
    text
      .split('---\n')
      .map((one) => `${JSON.stringify(read(one), null, 2)}\n`)
      .join('---\n'),
  'target port by its name': (text) => text.replace('targetPort: 8080', 'targetPort: http'),
  'network endpoint groups': (text) =>
    text.replace(
      'kind: Service\nmetadata:\n  name: web\n',
      'kind: Service\nmetadata:\n  name: web\n  annotations:\n    cloud.google.com/neg: \'{"ingress": true}\'\n',
    ),
  'namespace that is filled in': (text) => text.replaceAll(/^  namespace: shop\n/gm, ''),
  'one more port': (text) =>
    text.replace(
      '      targetPort: 8080\n',
      '      targetPort: 8080\n    - name: again\n      port: 8081\n      targetPort: 8080\n',
    ),
  'longer grace': (text, chance) =>
    text.replace(/GracePeriodSeconds: \d+/, `GracePeriodSeconds: ${30 + chance.integer(60)}`),
  'longer drain': (text) =>
    text.replace('value: "5000"', 'value: "8000"').replace(/GracePeriodSeconds: \d+/, 'GracePeriodSeconds: 60'),
  'wider probe': (text, chance) =>
    text.replace(
      '          livenessProbe:\n',
      `          livenessProbe:\n            failureThreshold: ${3 + chance.integer(5)}\n`,
    ),
  'one more sender': (text) =>
    text.replace(
      '        - port: 8080\n          protocol: TCP\n',
      '        - port: 8080\n          protocol: TCP\n        - port: 9090\n          protocol: TCP\n',
    ),
  'new ConfigMap': (text, chance) =>
    `${text}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra-${chance.integer(100)}, namespace: shop}\ndata: {a: b}\n`,
  'new worker': (text, chance) => `${text}---\n${worker(`worker-${chance.integer(100)}`, chance)}`,
  'new store': (text, chance) => `${text}---\n${store(`store-${chance.integer(100)}`, chance)}`,
  'new claim': (text, chance) => `${text}---\n${claim.replace('NAME', `data-${chance.integer(100)}`)}`,
  sidecar: (text, chance) =>
    text.replace(
      '      containers:\n',
      `      initContainers:\n        - {name: log, image: "log@sha256:${digest(chance)}", restartPolicy: Always}\n      containers:\n`,
    ),
  'limits of the pods': (text) =>
    text.replace('            requests:\n', '            limits: {memory: 2Gi}\n            requests:\n'),
  'security of the pods': (text) =>
    text.replace(
      '      containers:\n        - name: web\n',
      '      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}\n      containers:\n        - name: web\n',
    ),
  'a directory for the pods': (text) =>
    text
      .replace('          env:\n', '          volumeMounts: [{name: tmp, mountPath: /tmp}]\n          env:\n')
      .replace('      containers:\n', '      volumes: [{name: tmp, emptyDir: {}}]\n      containers:\n'),
  'pods that prefer to be apart': (text) =>
    text.replace(
      '      containers:\n',
      '      topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}]\n      containers:\n',
    ),
  'faster readiness': (text) =>
    text.replace(
      '          readinessProbe:\n',
      '          readinessProbe:\n            periodSeconds: 5\n            failureThreshold: 2\n',
    ),
  'slower start': (text, chance) =>
    text.replace(
      '          startupProbe:\n',
      `          startupProbe:\n            periodSeconds: 2\n            failureThreshold: ${30 + chance.integer(60)}\n`,
    ),
  'larger surge': (text) => text.replace('maxSurge: 1', 'maxSurge: 50%'),
  'monitor of a port': (text) =>
    `${text.replace(
      '              containerPort: 8080\n',
      '              containerPort: 8080\n            - name: metrics\n              containerPort: 9090\n',
    )}---\napiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: web, namespace: shop}\nspec: {selector: {matchLabels: {app: web}}}\n`,
  'limits of the namespace': (text) =>
    `${text}---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: limits, namespace: shop}\nspec: {limits: [{type: Container, default: {memory: 2Gi, cpu: 2}, max: {memory: 4Gi, cpu: 4}}]}\n`,
  'ends of lines of another system': (text) => text.replaceAll('\n', '\r\n'),
  'marks of documents': (text) => `# Source: web.yaml\n---\n${text}...\n`,
  'key that nobody reads': (text) => text.replace('  other: unused\n', ''),
};

/** As Kubernetes reads it. */
function read(text: string): unknown {
  return parse(text, { version: '1.1' });
}

function shuffledKeys(value: unknown, chance: Chance): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffledKeys(item, chance));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    chance.shuffled(Object.entries(value)).map(([key, inner]) => [key, shuffledKeys(inner, chance)]),
  );
}

/** Folders as repositories have them: with an autoscaler, with a worker and a store, with a hashed ConfigMap. */
function bases(chance: Chance): readonly string[] {
  const whole = file(...folder);
  return [
    whole,
    file(...folder.filter((one) => one !== budget && one !== policy)),
    file(...folder.map((one) => one.replace('  replicas: 3\n', '')), autoscaler(3)),
    file(whole, worker('consumer', chance), store('redis', chance)),
  ];
}

/** A change of a random folder by one to three edits, in one environment or with a hashed ConfigMap that is replaced. */
export function honestChange(chance: Chance): HonestChange {
  const base = chance.of(bases(chance));
  const path = 'manifests/production/web.yaml';
  const more: readonly (readonly [string, string])[] =
    chance.next() < 0.5
      ? []
      : [
          [
            'argocd/web.yaml',
            file(
              application,
              project
                .replace('namespaceResourceWhitelist', 'namespaceResourceBlacklist')
                .replace(/(namespaceResourceBlacklist:)[\s\S]*/, '$1 []'),
            ),
          ],
          ['manifests/staging/web.yaml', base.replaceAll('shop', 'shop-staging')],
        ];
  const files = (text: string): ReadonlyMap<string, string> => new Map([...more, [path, text]]);
  if (chance.next() < 0.1) {
    const hashed = (hash: string): string =>
      base
        .replaceAll('name: web\n                  key', `name: web-${hash}\n                  key`)
        .replace('kind: ConfigMap\nmetadata:\n  name: web\n', `kind: ConfigMap\nmetadata:\n  name: web-${hash}\n`)
        .replace('hello', hash);
    return {
      name: 'hashed ConfigMap',
      before: files(hashed(digest(chance).slice(0, 8))),
      after: files(hashed(digest(chance).slice(0, 10))),
    };
  }
  const names = chance.shuffled(Object.keys(edits)).slice(0, 1 + chance.integer(3));
  const last = [
    'comments',
    'order of documents',
    'order of keys',
    'formatting',
    'JSON in YAML',
    'marks of documents',
    'ends of lines of another system',
  ];
  const ordered = names.toSorted((a, b) => last.indexOf(a) - last.indexOf(b));
  const after = ordered.reduce((text, name) => edits[name]?.(text, chance) ?? text, base);
  return { name: ordered.join(', '), before: files(base), after: files(after) };
}
