import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseOptions } from 'zerodrop/tests/rehearse/parts.ts';
import { argoCdChartVersion } from '../../cluster/versions.ts';

const page = readFileSync('docs/how-to/rehearse-on-kind.md', 'utf8');
/** Without the section that is about a cluster of one's own. */
const guide = page.replace(/\n## Measure the endpoint lag\n[\s\S]*?(?=\n## )/, '');
const workflow: { jobs: { kind: { steps: { run?: string; uses?: string }[] } } } = parse(
  readFileSync('.github/workflows/rehearse.yaml', 'utf8'),
);
const cluster: { nodes: { extraMounts: { hostPath: string; containerPath: string }[] }[] } = parse(
  readFileSync('docs/kind/cluster.yaml', 'utf8'),
);

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

const told = [...guide.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => lines(block));
const run = workflow.jobs.kind.steps.flatMap((step) => lines(step.run ?? ''));

test('every command of the guide is one that the workflow runs, in the same order', () => {
  // The workflow's own action does this one.
  const commands = told.filter((command) => command !== 'npm ci');

  expect(commands.length).toBeGreaterThan(5);
  expect(run.filter((command) => commands.includes(command))).toEqual(commands);
});

test('all that the workflow runs beyond the guide is its summary', () => {
  const more = run.filter((command) => !told.includes(command));

  expect(more).toEqual(['npm run --silent pipeline -- summary reports/kind >> "$GITHUB_STEP_SUMMARY"']);
});

test('the options of both exist', () => {
  const rehearsals = told.flatMap((command) => /^npm run rehearse -- (.*)$/.exec(command)?.[1] ?? []);

  expect(rehearsals).toHaveLength(2);
  for (const options of rehearsals) {
    const args = options.replace('"$GIT_HOST"', '172.18.0.1').split(' ');
    expect(parseOptions(args)?.context).toMatchObject({ context: 'kind-zerodrop', gitHost: '172.18.0.1' });
  }
});

test('Argo CD is the one that is installed on a real cluster', () => {
  expect(told.find((command) => command.startsWith('helm '))).toContain(`--version ${argoCdChartVersion} `);
});

test('the node finds the registry that is pushed to', () => {
  const [mount] = cluster.nodes.flatMap(({ extraMounts }) => extraMounts);
  const hosts = readFileSync(`${mount?.hostPath}/hosts.toml`, 'utf8');
  const registry = told.find((command) => command.startsWith('docker run ')) ?? '';

  expect(mount?.containerPath).toBe('/etc/containerd/certs.d/localhost_5001_');
  // kind joins both paths and the mode by colons, and Docker refuses a fourth part.
  expect(`${mount?.hostPath}${mount?.containerPath}`).not.toContain(':');
  expect(registry).toContain('--publish 127.0.0.1:5001:5000');
  expect(registry).toContain('--name zerodrop-registry');
  expect(hosts).toContain('[host."http://zerodrop-registry:5000"]');
});
