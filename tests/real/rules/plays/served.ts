import { all, container, edit, image, spec } from '../edit.ts';
import { containersOf } from '../manifest.ts';
import type { Play } from '../play.ts';

const by = 'server-side apply';
const slowStart = { START_MS: '5000' };
// Longer than the drain: who evicts all pods at once finds none that serves.
const slowerStart = { START_MS: '20000' };
/** A pod answers ten requests a second, one after the other. */
const tenASecond = { SERIAL_MS: '100' };

/** Rules about pods and what leads to them. */
export const servedPlays: readonly Play[] = [
  { rule: 'name-changed', by, expect: 'lost' },
  { rule: 'selector-changed', by, expect: 'lost' },
  {
    rule: 'selector-changed',
    as: 'The selector of a Deployment',
    by,
    expect: 'refused',
    bad: edit('Deployment', ({ spec: changed }) => {
      if (changed?.selector !== undefined) changed.selector = { matchLabels: { app: 'shop' } };
      if (changed?.template?.metadata !== undefined) changed.template.metadata.labels = { app: 'shop' };
    }),
  },
  { rule: 'immutable-field', by, expect: 'refused' },
  { rule: 'duplicate-entry', by, expect: 'refused' },
  { rule: 'invalid-value', by, expect: 'stuck' },
  { rule: 'still-used', by, expect: 'stuck', acts: ['release'], ends: 'v2 hello' },
  { rule: 'reference-missing', by, expect: 'stuck', ends: 'v1 hello' },
  { rule: 'configuration-unrolled', by, expect: 'version', ends: 'v1 hi' },
  { rule: 'made-by-controllers', by, expect: 'lost', acts: ['release'] },
  { rule: 'replicas-lost', by, expect: 'lost', acts: ['evict one'], environment: slowerStart },
  { rule: 'capacity-cut', by, expect: 'lost', environment: tenASecond, tailSeconds: 25 },
  {
    rule: 'autoscaler-overridden',
    by,
    expect: 'lost',
    prepare: ['scale up'],
    environment: tenASecond,
    tailSeconds: 25,
  },
  { rule: 'rollout-paused', by, expect: 'version', acts: ['release'], limitSeconds: 15 },
  {
    rule: 'image-unpinned',
    by,
    expect: 'version',
    acts: ['move tag'],
    bad: all(image('registry.example/web:moving'), container({ imagePullPolicy: 'Always' })),
    good: container({ imagePullPolicy: 'Always' }),
  },
  { rule: 'readiness-missing', by, expect: 'lost', acts: ['release'], environment: slowStart },
  { rule: 'probe-weakened', by, expect: 'lost', acts: ['release'], environment: slowStart },
  { rule: 'max-unavailable', by, expect: 'fewer', acts: ['release'], environment: slowStart },
  {
    rule: 'max-unavailable',
    as: '`Recreate`',
    by,
    expect: 'lost',
    acts: ['release'],
    bad: spec('Deployment', { strategy: { type: 'Recreate', rollingUpdate: null } }),
  },
  { rule: 'no-room-for-surge', by, expect: 'stuck', acts: ['release'] },
  {
    rule: 'no-room-for-surge',
    as: 'A port of the node',
    by,
    expect: 'stuck',
    acts: ['release'],
    all: spec('Deployment', { replicas: 1 }),
    bad: edit('Deployment', (object) => {
      for (const { ports } of containersOf(object)) for (const port of ports ?? []) port.hostPort = 28_080;
    }),
  },
  { rule: 'pod-security-refused', by, expect: 'stuck', acts: ['release'] },
  {
    rule: 'grace-too-short',
    by,
    expect: 'lost',
    acts: ['evict one'],
    endsAtOnce: true,
    // Longer than the 2 s that the kubelet leaves after SIGTERM where the hook has used up the grace period.
    environment: { ANSWER_MS: '4000' },
    tailSeconds: 55,
  },
  {
    rule: 'grace-too-short',
    as: 'The `sleep` hook',
    by,
    expect: 'refused',
    bad: container({ lifecycle: { preStop: { sleep: { seconds: 45 } } } }),
  },
  { rule: 'drain-lost', by, expect: 'lost', acts: ['release'], endsAtOnce: true, rate: 100 },
  { rule: 'drain-too-short', by: 'the embedded cluster', expect: 'lost' },
  { rule: 'disruptions-blocked', by, expect: 'stuck', acts: ['drain'] },
  { rule: 'budget-lost', by, expect: 'lost', acts: ['drain'], environment: slowerStart, limitSeconds: 120 },
  { rule: 'budgets-overlap', by, expect: 'stuck', acts: ['drain'] },
  { rule: 'service-type-changed', by, expect: 'lost' },
  { rule: 'service-changed', by, expect: 'lost', acts: ['release'], environment: slowStart },
  {
    rule: 'service-port-changed',
    as: 'The target port, together with the pods',
    by,
    expect: 'lost',
    bad: all(
      edit('Service', (object) => {
        for (const port of object.spec?.ports ?? []) port.targetPort = 9090;
      }),
      container({ ports: [{ name: 'http', containerPort: 9090 }] }),
    ),
  },
  { rule: 'service-port-unreachable', by, expect: 'lost' },
  { rule: 'pods-unselected', by, expect: 'lost' },
];
