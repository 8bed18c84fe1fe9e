import { expect, test } from 'vitest';
import { planReport } from '../../../pipeline/terraform/plan-report.ts';

const replacement = `
Terraform will perform the following actions:

  # google_artifact_registry_repository.images will be updated in-place
  ~ resource "google_artifact_registry_repository" "images" {
      + description = "Images"
        name        = "zerodrop"
    }

  # google_container_cluster.cluster must be replaced
-/+ resource "google_container_cluster" "cluster" {
      ~ name = "a" -> "b" # forces replacement
    }

  # google_compute_router.router will be destroyed
  - resource "google_compute_router" "router" {
    }

Plan: 1 to add, 1 to change, 2 to destroy.
`;

test('what would be destroyed stands before everything else', () => {
  const report = planReport('platform', replacement);

  expect(report.split('\n').slice(0, 6)).toEqual([
    '### platform: Plan: 1 to add, 1 to change, 2 to destroy.',
    '',
    '> [!CAUTION]',
    '> Destroys:',
    '> - `google_container_cluster.cluster`',
    '> - `google_compute_router.router`',
  ]);
});

test.each(['will be replaced due to changes in replace_triggered_by', 'will be replaced, as requested'])(
  'what %s is destroyed too',
  (words) => {
    const report = planReport('platform', replacement.replace('must be replaced', words));

    expect(report).toContain('> - `google_container_cluster.cluster`\n');
  },
);

test('the signs of changes begin their lines, where GitHub colours them', () => {
  const lines = planReport('platform', replacement).split('\n');

  expect(lines).toContain('!   resource "google_artifact_registry_repository" "images" {');
  expect(lines).toContain('+       description = "Images"');
  expect(lines).toContain('-   resource "google_compute_router" "router" {');
  expect(lines).toContain('-/+ resource "google_container_cluster" "cluster" {');
});

test('a plan without changes is one line', () => {
  const text = 'No changes. Your infrastructure matches the configuration.\n\nTerraform has compared.';

  expect(planReport('argocd', text)).toBe('### argocd: No changes. Your infrastructure matches the configuration.\n');
});

test('Helm values with a fence in them do not end the block', () => {
  const text = 'Terraform will change\n  + values = "```sh"\n\nPlan: 1 to add, 0 to change, 0 to destroy.';

  expect(planReport('argocd', text)).toContain('````diff\n');
});

test('a plan of any length makes a comment that GitHub takes', () => {
  const long = `${'  + a = "b"\n'.repeat(20_000)}\nPlan: 20000 to add, 0 to change, 0 to destroy.`;

  expect(planReport('platform', long).length).toBeLessThan(65_536);
  expect(planReport('platform', long)).toContain('lines left out');
});
