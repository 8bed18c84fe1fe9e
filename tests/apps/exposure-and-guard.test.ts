import { expect, test } from 'vitest';
import { projectOf } from '../../apps/project.ts';
import { render } from '../../apps/render.ts';
import { refusalsOf } from '../../release/guard.ts';
import { imageRepository, settings } from '../settings/sample.ts';

const image = `${imageRepository}:v1@sha256:${'0'.repeat(64)}`;
const usual = { kind: 'web', replicas: 3, exposure: 'gateway', hosts: ['www.example.com'] };

/** The files of services that are released, by what is different of each. */
function filesOf(services: Readonly<Record<string, object>>): ReadonlyMap<string, string> {
  const names = Object.keys(services);
  const owned = {
    ...settings,
    services: names.map((name) => ({ name, image: imageRepository })),
    environments: [{ name: 'production' }],
  };
  const given = new Map(Object.entries(services).map(([name, web]) => [name, { ...usual, ...web }]));
  const pins = names.map((name) => [`production/${name}`, { image, source: 'a'.repeat(40) }] as const);
  return render(projectOf(owned, given), new Map(pins));
}

const balanced = { exposure: 'load-balancer', hosts: undefined };

test.each([
  ['a service comes', { web: {} }, { web: {}, api: { path: '/api' } }, []],
  ['a host comes', { web: {} }, { web: { hosts: ['www.example.com', 'example.com'] } }, []],
  ['a host goes', { web: { hosts: ['www.example.com', 'a.example.com'] } }, { web: {} }, ['routing-changed']],
  ['the path changes', { web: {} }, { web: { path: '/web' } }, ['routing-changed']],
  ['the longest request grows, and draining with it', { web: {} }, { web: { longestRequestSeconds: 60 } }, []],
  [
    'the longest request shrinks',
    { web: { longestRequestSeconds: 60 } },
    { web: { longestRequestSeconds: 5 } },
    ['routing-changed', 'routing-changed'],
  ],
  ['the lag is measured to be longer', { web: {} }, { web: { endpointLagSeconds: 180 } }, []],
  ['a policy of Cloud Armor comes', { web: {} }, { web: { securityPolicy: 'shield' } }, ['routing-changed']],
  [
    'another path is asked',
    { web: {} },
    { web: { healthCheck: { path: '/healthz' } } },
    ['routing-changed', 'routing-changed'],
  ],
  [
    'source ranges come',
    { web: balanced },
    { web: { ...balanced, sourceRanges: ['10.0.0.0/8'] } },
    ['senders-narrowed'],
  ],
] as const)('%s: the guard says what it costs', (_step, before, after, refused) => {
  expect(refusalsOf(new Map(), filesOf(before))).toEqual([]);
  expect(refusalsOf(filesOf(before), filesOf(after)).map(({ rule }) => rule)).toEqual(refused);
});

test.each([
  ['a backend goes', 'web.yaml', /\n {4}- backendRefs:\n(?: {8}.*\n)+/, '\n    -\n'],
  ['draining shrinks below the drain', 'web.yaml', 'drainingTimeoutSec: 132', 'drainingTimeoutSec: 30'],
  ['draining goes', 'web.yaml', /\n {4}connectionDraining:\n.*\n/, '\n'],
  ['the time limit shrinks', 'web.yaml', 'timeoutSec: 15\n', 'timeoutSec: 5\n'],
  ['the certificates go', 'gateway.yaml', /\n {2}annotations:\n.*certmap.*\n/, '\n'],
  ['the address changes', 'gateway.yaml', 'value: zerodrop-gateway', 'value: another-gateway'],
  ['a listener goes', 'gateway.yaml', /\n {4}- name: http\n(?: {6}.*\n)+/, '\n'],
  [
    'the routes of others are let in no more',
    'gateway.yaml',
    'zerodrop/gateway: production',
    'zerodrop/gateway: staging',
  ],
] as const)('refuses that %s', (_what, name, from, to) => {
  const before = filesOf({ web: {} });
  const after = new Map(
    [...before].map(([path, text]) => [path, path.endsWith(`/${name}`) ? text.replace(from, to) : text]),
  );
  expect(after).not.toEqual(before);
  expect(refusalsOf(before, after).map(({ rule }) => rule)).toContain('routing-changed');
});
