import { container, pod, type Fault } from './fault.ts';

const there = 'spec.template.spec.containers[0]';
const variable = { name: 'A', value: '1' };

/** List items that server-side apply can't tell apart. */
export const duplicates: readonly Fault[] = [
  [
    'Deployment',
    `${container}/env`,
    [variable, { name: 'B', value: '' }, variable],
    `${there}.env has duplicate entries for key [name="A"]`,
  ],
  [
    'Deployment',
    `${container}/ports`,
    [{ containerPort: 1 }, { containerPort: 1, name: 'b', protocol: 'TCP' }],
    'duplicate entries for key [containerPort=1,protocol="TCP"]',
  ],
  [
    'Deployment',
    `${container}/volumeMounts`,
    [
      { name: 'files', mountPath: '/a' },
      { name: 'disk', mountPath: '/a' },
    ],
    'duplicate entries for key [mountPath="/a"]',
  ],
  [
    'Deployment',
    `${container}/volumeDevices`,
    [
      { name: 'disk', devicePath: '/a' },
      { name: 'disk', devicePath: '/a' },
    ],
    'duplicate entries for key [devicePath="/a"]',
  ],
  [
    'Deployment',
    `${pod}/containers`,
    [
      { name: 'a', image: 'a' },
      { name: 'a', image: 'b' },
    ],
    'containers has duplicate entries for key [name="a"]',
  ],
  [
    'Deployment',
    `${pod}/initContainers`,
    [
      { name: 'a', image: 'a' },
      { name: 'a', image: 'b' },
    ],
    'initContainers has duplicate entries for key [name="a"]',
  ],
  [
    'Deployment',
    `${pod}/volumes`,
    [
      { name: 'files', emptyDir: {} },
      { name: 'files', emptyDir: {} },
    ],
    'volumes has duplicate entries for key [name="files"]',
  ],
  [
    'Deployment',
    `${pod}/imagePullSecrets`,
    [{ name: 'a' }, { name: 'a' }],
    'imagePullSecrets has duplicate entries for key [name="a"]',
  ],
  [
    'Deployment',
    `${pod}/hostAliases`,
    [{ ip: '10.0.0.1' }, { ip: '10.0.0.1' }],
    'hostAliases has duplicate entries for key [ip="10.0.0.1"]',
  ],
  [
    'Deployment',
    `${pod}/topologySpreadConstraints`,
    [1, 2].map((maxSkew) => ({ maxSkew, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' })),
    'duplicate entries for key [topologyKey="zone",whenUnsatisfiable="ScheduleAnyway"]',
  ],
  [
    'Deployment',
    `${pod}/schedulingGates`,
    [{ name: 'a' }, { name: 'a' }],
    'schedulingGates has duplicate entries for key [name="a"]',
  ],
  [
    'Deployment',
    'metadata/finalizers',
    ['a.example/b', 'a.example/b'],
    'finalizers has duplicate entries for key ["a.example/b"]',
  ],
  [
    'Service',
    'spec/ports',
    [
      { name: 'a', port: 80 },
      { name: 'b', port: 80, protocol: 'TCP' },
    ],
    'spec.ports has duplicate entries for key [port=80,protocol="TCP"]',
  ],
  [
    'CronJob',
    'spec/jobTemplate/spec/template/spec/containers/0/env',
    [variable, variable],
    'spec.jobTemplate.spec.template.spec.containers[0].env has duplicate entries for key [name="A"]',
  ],
  ['StatefulSet', `${container}/env`, [variable, variable], 'duplicate entries for key [name="A"]'],
];
