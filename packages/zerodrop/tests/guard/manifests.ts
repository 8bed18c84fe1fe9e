/** An image as a release pins it. */
const image = `registry.example/web:1.2.3@sha256:${'a'.repeat(64)}`;

export const namespace = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  annotations:
    argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm
`;

export const account = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: shop
`;

export const service = `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  type: LoadBalancer
  selector:
    app: web
  ports:
    - name: http
      port: 80
      targetPort: 8080
`;

export const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    app: web
spec:
  replicas: 3
  minReadySeconds: 5
  selector:
    matchLabels:
      app: web
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels:
        app: web
    spec:
      serviceAccountName: web
      terminationGracePeriodSeconds: 20
      containers:
        - name: web
          image: ${image}
          env:
            - name: DRAIN_MS
              value: "5000"
            - name: GREETING
              valueFrom:
                configMapKeyRef:
                  name: web
                  key: greeting
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /readyz
              port: http
          startupProbe:
            httpGet:
              path: /livez
              port: http
          livenessProbe:
            httpGet:
              path: /livez
              port: http
          resources:
            requests:
              cpu: 100m
              memory: 64Mi
`;

export const configuration = `apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  greeting: hello
  other: unused
`;

export const budget = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
  namespace: shop
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: web
`;

export const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes:
    - Ingress
  ingress:
    - ports:
        - port: 8080
          protocol: TCP
`;

export const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: web
  source:
    repoURL: https://git.example/shop
    targetRevision: main
    path: manifests/production
  destination:
    server: https://kubernetes.default.svc
    namespace: shop
  syncPolicy:
    automated:
      enabled: true
      prune: true
      selfHeal: true
    retry:
      limit: 5
      refresh: true
    syncOptions:
      - ServerSideApply=true
      - PruneLast=true
      - FailOnSharedResource=true
`;

export const project = `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: web
  namespace: argocd
spec:
  sourceRepos:
    - https://git.example/shop
  destinations:
    - server: https://kubernetes.default.svc
      namespace: shop
  clusterResourceWhitelist:
    - group: ""
      kind: Namespace
      name: shop
  namespaceResourceWhitelist:
    - group: ""
      kind: ServiceAccount
    - group: ""
      kind: Service
    - group: ""
      kind: ConfigMap
    - group: apps
      kind: Deployment
    - group: policy
      kind: PodDisruptionBudget
    - group: networking.k8s.io
      kind: NetworkPolicy
`;

/** The same without a number of replicas, as an autoscaler has it. */
export const scaled = deployment.replace('  replicas: 3\n', '');

/** An autoscaler of the Deployment. */
export function autoscaler(least: number, most = 20): string {
  return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: ${least}
  maxReplicas: ${most}
`;
}
