import { expect, test } from 'vitest';
import { argoFinding, isAtLeast, machineFindings, type Tell, versionIn } from '../../../pipeline/doctor/machine.ts';

const printed: Readonly<Record<string, string>> = {
  'git --version': 'git version 2.50.1 (Apple Git-155)',
  'git remote get-url origin': 'git@github.com:acme/shop.git',
  'gh --version': 'gh version 2.83.1 (2025-11-13)\nhttps://github.com/cli/cli/releases/tag/v2.83.1',
  'gcloud --version': 'Google Cloud SDK 546.0.0\nbq 2.1.25',
  'gcloud auth application-default print-access-token': 'ya29.x',
  'terraform --version': 'Terraform v1.11.4\non linux_amd64',
  'kubectl version --client': 'Client Version: v1.34.2\nKustomize Version: v5.7.1',
  'gke-gcloud-auth-plugin --version': 'Kubernetes v1.30.0+4df7bfa7a8',
};

function found(others: Readonly<Record<string, string | null>> = {}, node = '24.11.1') {
  const all: Readonly<Record<string, string | null>> = { ...printed, ...others };
  const tell: Tell = async (...words) => all[words.join(' ')] ?? null;
  return machineFindings(tell, '.', node, 'https://github.com/acme/shop').then((findings) =>
    findings.flatMap(({ state, about, says }) => (state === 'ok' ? [] : [`${state} ${about}: ${says}`])),
  );
}

test('finds nothing on a machine that has everything', async () => {
  expect(await found()).toEqual([]);
  expect(await found({ 'terraform --version': null, 'tofu --version': 'OpenTofu v1.11.0' })).toEqual([]);
});

test.each([
  [
    { 'terraform --version': 'Terraform v1.9.8' },
    'missing machine: terraform or tofu: terraform is 1.9.8, and 1.11 or newer is needed',
  ],
  [{ 'kubectl version --client': null }, 'missing machine: kubectl: not installed, or not on PATH'],
  [{ 'gcloud auth application-default print-access-token': null }, 'missing machine: application default login'],
  [
    { 'git remote get-url origin': 'https://github.com/example/zerodrop' },
    'missing machine: origin: origin is github.com/example/zerodrop, and settings.ts names github.com/acme/shop.',
  ],
  [{ 'git remote get-url origin': null }, 'missing machine: origin: this clone has no remote origin'],
  [{ 'gh --version': 'gh of my own' }, 'unknown machine: gh: it is a version that it does not tell'],
])('%j', async (others, words) => {
  expect(await found(others)).toEqual([expect.stringContaining(words)]);
});

test('a Node.js that is too old', async () => {
  expect(await found({}, '18.20.0')).toEqual([
    expect.stringContaining('missing machine: Node.js: it is 18.20.0, and 20.19'),
  ]);
});

test('compares versions by their parts', () => {
  expect(versionIn('v1.11.4 of 2026')).toEqual([1, 11, 4]);
  expect(isAtLeast([1, 11, 0], [1, 11])).toBe(true);
  expect(isAtLeast([1, 9], [1, 11])).toBe(false);
  expect(isAtLeast([2], [1, 11])).toBe(true);
});

const state = async (told: string | null) => (await argoFinding(async () => told, 'gke_a_b_c')).state;

test('Argo CD follows the repository', async () => {
  expect([await state('Synced Healthy'), await state('Unknown Healthy'), await state(null)]).toEqual([
    'ok',
    'missing',
    'unknown',
  ]);
});
