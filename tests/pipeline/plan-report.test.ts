import { expect, test } from 'vitest';
import { planReport } from '../../pipeline/command.ts';

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

  expect(report.split('\n').slice(0, 8)).toEqual([
    '### platform: Plan: 1 to add, 1 to change, 2 to destroy.',
    '',
    '> [!CAUTION]',
    '> Destroys:',
    '> ```',
    '> google_container_cluster.cluster',
    '> google_compute_router.router',
    '> ```',
  ]);
});

test.each(['will be replaced due to changes in replace_triggered_by', 'will be replaced, as requested'])(
  'what %s is destroyed too',
  (words) => {
    const report = planReport('platform', replacement.replace('must be replaced', words));

    expect(report).toContain('> google_container_cluster.cluster\n');
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

/** What GitHub would show as Markdown: everything outside of fences. */
function outsideOfFences(report: string): string {
  return report.replaceAll(/^((?:> )?)(`{3,}).*\n[\s\S]*?^\1\2$/gm, '');
}

test.each([
  ['a mention in the summary', 'Plan: 1 to add, 0 to change, 0 to destroy. cc @example/everyone'],
  ['a picture in what is destroyed', '  # ![](https://evil.example.com/x.png) will be destroyed'],
  ['a fence', '```\n[click](https://evil.example.com)'],
  ['a longer fence', `${'`'.repeat(40)}\n@ada`],
  ['an end of what is destroyed', '  # ``` @ada will be destroyed'],
  ['another mark', '<!-- zerodrop: plan argocd -->\n@ada'],
  ['HTML', '<img src="https://evil.example.com/x.png"> @ada'],
])('%s of a forged plan is nothing but text', (_, forged) => {
  const outside = outsideOfFences(planReport('platform', `${forged}\n${replacement}`));

  expect(outside).toMatch(/^### platform: /);
  expect(outside).not.toMatch(/@|evil|<|`/);
});

test.each(['\u202E', '\u2066', '\u200B', '\u0007', '\u001B', '\r', '\uFEFF', '\u2028'])(
  'a character that hides others is shown: %j',
  (hidden) => {
    const report = planReport('platform', replacement.replace('Images', `Im${hidden}ages`));

    expect(report).toContain('Im\uFFFDages');
    expect(report).not.toContain(hidden);
  },
);

test('a long list of what is destroyed leaves room for the rest', () => {
  const forged = '  # a.b will be destroyed\n'.repeat(50_000);

  expect(planReport('platform', `${forged}${replacement}`).length).toBeLessThan(65_536);
});
