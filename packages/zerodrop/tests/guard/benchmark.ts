// npm run benchmark -w zerodrop
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { judge } from '../../src/guard/index.ts';
import { text } from '../../src/guard/report/text.ts';
import { reviewOf } from '../../src/guard/review.ts';

/** Two states of a repository, by path. */
interface Scene {
  readonly says: string;
  /** What it may take, undisturbed, on 2 cores. */
  readonly limitSeconds: number;
  readonly limitMiB: number;
  states(): readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>];
}

/** What the guard is measured with. Every file differs, and so does every object. */
const scenes: Readonly<Record<string, Scene>> = {
  files: {
    says: '5,000 objects in 1,000 files, all changed',
    limitSeconds: 2,
    limitMiB: 300,
    states: () => [files(1_000, 'old'), files(1_000, 'new')],
  },
  findings: {
    says: 'the same, with a finding at each of 1,000 Deployments',
    limitSeconds: 4,
    limitMiB: 400,
    states: () => [files(1_000, 'old'), files(1_000, 'bad')],
  },
  documents: {
    says: '20,000 documents in one file, all changed',
    limitSeconds: 5,
    limitMiB: 800,
    states: () => [oneFile(4_000, 'old'), oneFile(4_000, 'new')],
  },
};

type State = 'old' | 'new' | 'bad';

function files(count: number, state: State): ReadonlyMap<string, string> {
  return new Map(
    Array.from({ length: count }, (_, index) => [
      `k8s/team-${index % 20}/service-${index}.yaml`,
      service(index, state).join('---\n'),
    ]),
  );
}

function oneFile(count: number, state: State): ReadonlyMap<string, string> {
  const documents = Array.from({ length: count }, (_, index) => service(index, state)).flat();
  return new Map([['k8s/all.yaml', documents.join('---\n')]]);
}

/** The five objects of a service, as people write them. */
function service(index: number, state: State): readonly string[] {
  const isOld = state === 'old';
  const name = `service-${index}`;
  const metadata = `metadata:
  name: ${name}
  namespace: team-${index % 20}
  labels:
    app.kubernetes.io/name: ${name}
    version: "${isOld ? 1 : 2}"
`;
  const digest = (isOld ? 'a' : 'b').repeat(64);
  return [
    `apiVersion: apps/v1
kind: Deployment
${metadata}spec:
  replicas: 3
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: ${state === 'bad' ? 1 : 0}
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      terminationGracePeriodSeconds: 60
      containers:
        - name: app
          image: registry.example/${name}@sha256:${digest}
          envFrom:
            - configMapRef:
                name: ${name}
          env:
            - name: LOG_LEVEL
              value: info
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /readyz
              port: http
          livenessProbe:
            httpGet:
              path: /livez
              port: http
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
`,
    `apiVersion: v1
kind: Service
${metadata}spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
`,
    `apiVersion: v1
kind: ConfigMap
${metadata}data:
  GREETING: hello ${state}
  URL: http://other.example:8080/path
`,
    `apiVersion: policy/v1
kind: PodDisruptionBudget
${metadata}spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
`,
    `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
${metadata}spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  policyTypes:
    - Ingress
  ingress:
    - ports:
        - port: http
          protocol: TCP
`,
  ];
}

/** What one run of a scene took. */
interface Run {
  readonly seconds: number;
  /** Of the processor, which other programs do not disturb. */
  readonly processorSeconds: number;
  readonly mebibytes: number;
  readonly findings: number;
}

const [, , asked] = process.argv;
if (asked !== undefined && Object.hasOwn(scenes, asked)) process.stdout.write(JSON.stringify(run(asked)));
else process.exitCode = reportAll() ? 0 : 1;

/** Judges a scene in this process, and writes the report that a terminal would get. */
function run(name: string): Run {
  const [before, after] = scenes[name]?.states() ?? [new Map<string, string>(), new Map<string, string>()];
  const [startedAt, used] = [performance.now(), process.cpuUsage()];
  const judgement = judge(before, after);
  text(reviewOf(judgement, []), { before, files: after, isColoured: false });
  const { user, system } = process.cpuUsage(used);
  return {
    seconds: (performance.now() - startedAt) / 1_000,
    processorSeconds: (user + system) / 1_000_000,
    mebibytes: process.resourceUsage().maxRSS / 1_024,
    findings: judgement.findings.length,
  };
}

/** Runs each scene three times in processes of their own, and prints the fastest run. True where all stay below their limits. */
function reportAll(): boolean {
  process.stdout.write('| change | seconds | processor seconds | MiB | limits |\n| --- | --- | --- | --- | --- |\n');
  return Object.entries(scenes)
    .map(([name, { says, limitSeconds, limitMiB }]) => {
      const runs = Array.from({ length: 3 }, () => inProcess(name)).toSorted((a, b) => a.seconds - b.seconds);
      const [{ seconds, processorSeconds, mebibytes } = inProcess(name)] = runs;
      process.stdout.write(
        `| ${says} | ${seconds.toFixed(2)} | ${processorSeconds.toFixed(2)} | ${mebibytes.toFixed(0)} | ${limitSeconds} s, ${limitMiB} MiB |\n`,
      );
      return seconds < limitSeconds && mebibytes < limitMiB;
    })
    .every((isFast) => isFast);
}

function inProcess(name: string): Run {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), name];
  const found: Run = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  return found;
}
