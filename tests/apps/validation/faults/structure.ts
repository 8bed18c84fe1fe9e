import { container, pod, type Fault } from './fault.ts';

const there = 'spec.template.spec.containers[0]';

/** Fields, types and values that no schema knows. */
export const structure: readonly Fault[] = [
  ['Deployment', 'spec/replica', 3, 'spec.replica is a field not declared in schema'],
  ['Deployment', `${container}/enviroment`, [], `${there}.enviroment is a field not declared in schema`],
  ['ConfigMap', 'spec', {}, 'spec is a field not declared in schema'],
  ['Application', 'spec/syncPolicy/automatic', {}, 'spec.syncPolicy.automatic is a field not declared in schema'],
  ['Deployment', 'spec/replicas', '3', "spec.replicas is '3'. Expected a whole number"],
  ['Deployment', 'spec/replicas', 2.5, 'spec.replicas is 2.5. Expected a whole number'],
  ['Deployment', 'spec/paused', 'no', "spec.paused is 'no'. Expected true or false"],
  ['Deployment', 'spec/selector', undefined, 'spec.selector is missing'],
  ['Deployment', `${container}/name`, undefined, `${there}.name is missing`],
  ['Deployment', `${pod}/containers`, undefined, 'spec.template.spec.containers is missing'],
  ['Deployment', `${container}/env`, { A: '1' }, `${there}.env is {"A":"1"}. Expected a list`],
  ['Deployment', `${container}/env/0/value`, 8080, `${there}.env[0].value is 8080. Expected text in quotes`],
  ['Deployment', `${container}/env/0/value`, true, `${there}.env[0].value is true. Expected text in quotes`],
  ['ConfigMap', 'data/settings.json', 3, 'data.settings.json is 3. Expected text in quotes'],
  ['Deployment', 'metadata/labels/app', true, 'metadata.labels.app is true. Expected text in quotes'],
  [
    'Deployment',
    'spec/template/metadata/labels/version',
    1,
    'spec.template.metadata.labels.version is 1. Expected text in quotes',
  ],
  ['Deployment', 'metadata/annotations/team', false, 'metadata.annotations.team is false. Expected text in quotes'],
  ['Deployment', `${pod}/nodeSelector/disk`, 1, 'nodeSelector.disk is 1. Expected text in quotes'],
  ['Service', 'spec/selector/app', 5, 'spec.selector.app is 5. Expected text in quotes'],
  [
    'Deployment',
    `${container}/imagePullPolicy`,
    'always',
    "imagePullPolicy is 'always'. Expected one of Always, IfNotPresent, Never",
  ],
  ['Deployment', `${container}/ports/0/protocol`, 'tcp', "ports[0].protocol is 'tcp'. Expected one of SCTP, TCP, UDP"],
  [
    'Deployment',
    'spec/strategy/type',
    'Rolling',
    "spec.strategy.type is 'Rolling'. Expected one of Recreate, RollingUpdate",
  ],
  [
    'Service',
    'spec/type',
    'Loadbalancer',
    "spec.type is 'Loadbalancer'. Expected one of ClusterIP, ExternalName, LoadBalancer, NodePort",
  ],
  ['Secret', 'data/token', 'not base64!', 'data.token is not base64'],
  ['Deployment', 'kind', 'Deploiment', 'apps/v1 Deploiment is not a stable kind of Kubernetes v1.'],
  ['Deployment', 'apiVersion', 'apps/v1beta1', 'apps/v1beta1 Deployment is not a stable kind of Kubernetes v1.'],
];
