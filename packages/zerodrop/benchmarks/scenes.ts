/** Two states of a repository, by path. */
export interface Scene {
  readonly says: string;
  /** What it may take, undisturbed, on 2 cores. */
  readonly limitSeconds: number;
  readonly limitMiB: number;
  states(): readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>];
}

/** What the guard is measured with. Every file differs, and so does every object. */
export const scenes: Readonly<Record<string, Scene>> = {
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
