import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Repository } from '../../../src/rehearse/cluster.ts';
import { parseOptions } from '../../../src/rehearse/options.ts';
import { makeSide, withoutRequests } from '../../../src/rehearse/play/sides.ts';
import { makeSteps } from '../../../src/rehearse/terminal.ts';
import { applicationOf, deployment, service } from '../manifests/sample.ts';

const options = parseOptions(['--environment', 'web-staging']);
const neverAsked = async (): Promise<never> => Promise.reject(new Error('This is not asked for.'));
const repository: Repository = {
  command: 'rehearse',
  applications: async () => 'argocd',
  drainVariable: null,
  validate: () => [],
  firstEnvironment: neverAsked,
  prepare: neverAsked,
  build: neverAsked,
};

/** What is said of a repository whose Application has these objects. */
async function asked(...objects: readonly object[]): Promise<string | null> {
  const folder = mkdtempSync(path.join(tmpdir(), 'zerodrop-worker-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const project = path.join(folder, 'project');
  for (const [file, text] of [
    ['argocd/all.yaml', JSON.stringify(applicationOf('staging'))],
    ['manifests/staging/web.yaml', objects.map((object) => JSON.stringify(object)).join('\n---\n')],
  ] as const) {
    mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
    writeFileSync(path.join(project, file), text);
  }
  const identity = ['-c', 'user.name=owner', '-c', 'user.email=owner@example.org'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    ['commit', '--quiet', '--message=Begin'],
  ])
    execFileSync('git', ['-C', project, ...identity, ...args]);
  if (options === null) throw new Error('These options ask for help.');
  const steps = makeSteps({ write: () => undefined, columns: () => null }, 0);
  const { signal } = new AbortController();
  return withoutRequests(await makeSide({ repository, project, folder, options, steps, signal }));
}

/** The Deployment, whose containers have these ports. */
function withPorts(ports: readonly object[]): object {
  const container = { name: 'web', image: 'registry.test/web:1', ports };
  return { ...deployment, spec: { ...deployment.spec, template: { spec: { containers: [container] } } } };
}

test('nothing sends requests to a Deployment without a Service and without a port', async () => {
  expect(await asked(withPorts([]))).toBe('web-staging');
});

test('a Service, or a port for one that is elsewhere, is played', async () => {
  expect(await asked(service, withPorts([]))).toBeNull();
  expect(await asked(withPorts([{ containerPort: 8080 }]))).toBeNull();
});
