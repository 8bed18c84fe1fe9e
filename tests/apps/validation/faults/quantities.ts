import { container, type Fault } from './fault.ts';

/** Amounts that are none, or that mean something else than they look. */
export const quantities: readonly Fault[] = [
  [
    'Deployment',
    `${container}/resources/requests/memory`,
    '256m',
    "requests.memory is '256m', which is 0.256 bytes: m is a fraction. Write 256Mi",
  ],
  [
    'Deployment',
    `${container}/resources/requests/memory`,
    '64',
    "requests.memory is '64', which is only 64 bytes of memory. Write 64Mi",
  ],
  ['Deployment', `${container}/resources/requests/memory`, 64, 'requests.memory is 64, which is only 64 bytes'],
  [
    'Deployment',
    `${container}/resources/requests/memory`,
    '256k',
    "requests.memory is '256k', which is only 256000 bytes of memory. Write 256Mi",
  ],
  ['Deployment', `${container}/resources/requests/memory`, '1e3', 'which is only 1000 bytes of memory'],
  ['Deployment', `${container}/resources/requests/memory`, '256mi', "requests.memory is '256mi'. Expected a quantity"],
  ['Deployment', `${container}/resources/requests/memory`, '256MB', "requests.memory is '256MB'. Expected a quantity"],
  ['Deployment', `${container}/resources/requests/memory`, '256K', "requests.memory is '256K'. Expected a quantity"],
  ['Deployment', `${container}/resources/requests/memory`, '', "requests.memory is ''. Expected a quantity"],
  [
    'Deployment',
    `${container}/resources/requests/memory`,
    '-1Gi',
    "requests.memory is '-1Gi', but an amount can't be negative",
  ],
  [
    'Deployment',
    `${container}/resources/requests/memory`,
    '1Gi',
    "requests.memory is '1Gi', more than the limit of 256Mi",
  ],
  [
    'Deployment',
    `${container}/resources/limits/memory`,
    '256P',
    'which is 256000000000000000 bytes of memory, more than a node has',
  ],
  [
    'Deployment',
    `${container}/resources/requests/cpu`,
    '0.1m',
    "requests.cpu is '0.1m', but a CPU is shared out in thousandths",
  ],
  [
    'Deployment',
    `${container}/resources/requests/cpu`,
    '100',
    "requests.cpu is '100', which is 100 whole CPUs. Write 100m for thousandths of one; 100000m if",
  ],
  ['Deployment', `${container}/resources/requests/cpu`, 250, 'requests.cpu is 250, which is 250 whole CPUs'],
  ['Deployment', `${container}/resources/requests/cpu`, '1e3', 'which is 1000 whole CPUs'],
  ['Deployment', `${container}/resources/requests/cpu`, '100M', 'which is 100000000 whole CPUs'],
  ['Deployment', `${container}/resources/requests/cpu`, '-100m', "but an amount can't be negative"],
  ['Deployment', `${container}/resources/requests/gpu`, '1', "requests has 'gpu', which is no resource of a container"],
  [
    'StatefulSet',
    'spec/volumeClaimTemplates/0/spec/resources/requests/storage',
    '10',
    'which is only 10 bytes of storage. Write 10Mi',
  ],
  ['ResourceQuota', 'spec/hard/requests.memory', '256m', 'which is 0.256 bytes'],
  ['ResourceQuota', 'spec/hard/pods', '2.5', "hard.pods is '2.5', but pods is counted"],
];
