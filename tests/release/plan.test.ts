import { expect, test } from 'vitest';
import { OperationError, UsageError } from 'zerodrop/errors';
import type { Content, Files } from 'zerodrop/files';
import { formatPin, pinPath, type Pins } from '../../apps/pins.ts';
import type { Project } from '../../apps/project.ts';
import { render } from '../../apps/render.ts';
import type { WebService } from '../../apps/workload/schema.ts';
import { formatImageReference } from '../../release/image.ts';
import { type Plan, planRelease, type ReleaseRequest } from '../../release/plan.ts';
import { imageRepository, project, projectWith } from '../settings/sample.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const request: ReleaseRequest = {
  environment: 'staging',
  image: { repository: imageRepository, tag: '1.2.3', digest },
  source: 'a'.repeat(40),
  allowance: null,
};
const pin = { image: formatImageReference(request.image), source: request.source };
const none: Files = render(project, new Map());

function staging(changes: WebService): Project {
  return projectWith({ in: { staging: changes } });
}

/** What is committed once these environments have the image. */
function released(owned: Project, ...names: readonly string[]): Files {
  const pins: Pins = new Map(names.map((name) => [`${name}/web`, pin]));
  return new Map<string, Content>([
    ...render(owned, pins),
    ...names.map((name) => [pinPath(`${name}/web`), formatPin(pin)] as const),
  ]);
}

function planned(plan: Plan): Extract<Plan, { kind: 'commit' }> {
  if (plan.kind !== 'commit') throw new Error(`The plan is ${JSON.stringify(plan)}.`);
  return plan;
}

test('pins and renders the image, and changes nothing else', () => {
  const plan = planned(planRelease(request, project, none));
  expect(plan.changed).toEqual(['apps/images/staging/web.json', 'manifests/staging/web/web.yaml']);
  expect(plan.pinText).toBe(formatPin(pin));
  expect(new Map([...none, ...plan.rendered])).toEqual(render(project, new Map([['staging/web', pin]])));
  expect(plan.replaced).toBeNull();
});

test('plans nothing for what is committed already', () => {
  expect(planRelease(request, project, released(project, 'staging'))).toEqual({ kind: 'unchanged' });
});

test('leaves the image of another environment as it is, and knows what it replaces', () => {
  const committed = released(project, 'staging', 'production');
  const next = { ...request, image: { ...request.image, tag: '1.2.4' } };
  const plan = planned(planRelease(next, project, committed));
  expect(plan.changed).toEqual(['apps/images/staging/web.json', 'manifests/staging/web/web.yaml']);
  expect([...plan.rendered.keys()]).toEqual(['manifests/staging/web/namespace.yaml', 'manifests/staging/web/web.yaml']);
  expect(plan.replaced).toEqual(pin);
});

test('mends a pin of its own that can not be read', () => {
  const broken = new Map([...released(project, 'staging'), [pinPath('staging/web'), '<<<<<<< HEAD\n']]);
  const plan = planned(planRelease(request, project, broken));
  expect(plan.changed).toEqual(['apps/images/staging/web.json']);
  expect(plan.replaced).toBeNull();
});

test.each([
  [pinPath('production/web'), '{}'],
  [pinPath('production/web'), { why: 'is a symbolic link to staging.json', object: 'a1' }],
  ['manifests/production/web/web.yaml', 'kind: Older\n'],
  ['manifests/production/web/web.yaml', 'a: [1\n'],
  ['manifests/production/web/.DS_Store', { why: 'is not UTF-8 text, but binary or in another encoding', object: 'a1' }],
  ['argocd/web-production.yaml', 'a: [1\n'],
  ['argocd/web.project.yaml', { why: 'is a submodule', object: 'a1' }],
] as const)('lets nothing hold it up that is not its own: %s %j', (path, content) => {
  const plan = planned(planRelease(request, project, new Map<string, Content>([...none, [path, content]])));
  expect(plan.changed).toEqual(['apps/images/staging/web.json', 'manifests/staging/web/web.yaml']);
});

test('replaces what nobody can read of its own', () => {
  const binary = { why: 'is not UTF-8 text, but binary or in another encoding', object: 'a1' };
  const broken = new Map<string, Content>([
    ...none,
    [pinPath('staging/web'), binary],
    ['manifests/staging/web/web.yaml', 'data: *nope\n'],
    ['manifests/staging/web/old.yaml', binary],
  ]);
  const plan = planned(planRelease(request, project, broken));
  expect(plan.changed).toEqual([
    pinPath('staging/web'),
    'manifests/staging/web/old.yaml',
    'manifests/staging/web/web.yaml',
  ]);
  expect(plan.replaced).toBeNull();
});

test('takes changed settings of the environment along, past the guard', () => {
  const plan = planned(planRelease(request, staging({ replicas: 5 }), released(project, 'staging')));
  expect(plan.rendered.get('manifests/staging/web/web.yaml')).toContain('replicas: 5');
});

const risky = staging({ unchecked: { because: 'a test', maxUnavailable: 1, probes: 'liveness-only' } });

test('refuses what the guard refuses', () => {
  const plan = planRelease(request, risky, none);
  const rules = plan.kind === 'refused' ? plan.refusals.map(({ rule }) => rule) : [];
  expect(rules).toEqual(['max-unavailable', 'readiness-missing']);
});

test('refuses what is left when only a part of it is allowed', () => {
  const allowance = { rules: ['readiness-missing'], because: 'a test' } as const;
  const plan = planRelease({ ...request, allowance }, risky, none);
  expect(plan.kind === 'refused' && plan.refusals.map(({ rule }) => rule)).toEqual(['max-unavailable']);
});

test('plans what is allowed, and keeps the rules that it took', () => {
  const allowance = { rules: ['image-unpinned', 'readiness-missing', 'max-unavailable'], because: 'a test' } as const;
  const plan = planned(planRelease({ ...request, allowance }, risky, none));
  expect(plan.used).toEqual({ rules: ['max-unavailable', 'readiness-missing'], because: 'a test' });
  expect(plan.allowed).toHaveLength(2);
});

test.each(['argocd/web-staging.yaml', 'argocd/web.project.yaml'])(
  "refuses settings that Argo CD's objects lack: %s",
  (path) => {
    const stale = new Map([...none, [path, 'apiVersion: v1\nkind: Older\nmetadata: { name: a }\n']]);
    const plan = (): unknown => planRelease(request, project, stale);
    expect(plan).toThrow(OperationError);
    expect(plan).toThrow(
      `${path} is not what settings.ts and apps/ render, so the release would not run as they say. Run npm run synth, look at the difference and commit it, then release.`,
    );
  },
);

const plannedFor = (name: string) => (): unknown => planRelease({ ...request, environment: name }, project, none);

test('knows the environments of the project, and no other name', () => {
  expect(plannedFor('test')).toThrow(UsageError);
  expect(plannedFor('test')).toThrow('--environment is "test", but settings.ts has staging, production.');
  expect(plannedFor('toString')).toThrow(UsageError);
});

test('takes no image of another repository', () => {
  const image = { ...request.image, repository: 'docker.io/other/web' };
  const plan = (): unknown => planRelease({ ...request, image }, project, none);
  expect(plan).toThrow(UsageError);
  expect(plan).toThrow(
    `--image is of the repository docker.io/other/web, but the image of web in settings.ts is ${imageRepository}. Push the image there, or change the setting first.`,
  );
});

test('passes on what the settings do not allow', () => {
  const unchecked = { because: 'a typing error', maxSurge: 0 };
  expect(() => planRelease(request, staging({ unchecked }), none)).toThrow('in staging, maxSurge and');
});
