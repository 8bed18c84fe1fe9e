import { describe, expect, test } from 'vitest';
import { rules } from './hardening.ts';
import { type Job, readSource, sources, type Workflow } from './workflows.ts';

describe.each(Object.entries(rules))('%s', (name, rule) => {
  test.each(sources)('$file', (source) => {
    expect(rule(source)).toEqual([]);
  });

  test('the rule can say no', () => {
    const wrong = mistakes[name];
    if (wrong === undefined) throw new Error(`No mistake is known to break the rule "${name}".`);

    expect(rule(readSource('.github/workflows/wrong.yaml', wrong))).not.toEqual([]);
  });
});

test('an action has the same pin wherever it is used', () => {
  const pins = new Map<string, Set<string>>();
  for (const { text } of sources) {
    for (const [, action = '', pin = ''] of text.matchAll(/uses: *([^@\s.]\S*)@(.+)$/gm)) {
      pins.set(action, (pins.get(action) ?? new Set()).add(pin));
    }
  }

  expect([...pins].filter(([, found]) => found.size > 1)).toEqual([]);
});

/** The jobs that call a workflow of ours, with that workflow. */
function calls(workflows: readonly (Workflow | null)[]): readonly { readonly job: Job; readonly called: Workflow }[] {
  const jobs = workflows.flatMap((one) => Object.values(one?.jobs ?? {}));
  return jobs.flatMap((job) => {
    const called = sources.find(({ file }) => `./${file}` === job.uses)?.workflow;
    return called === null || called === undefined ? [] : [{ job, called }];
  });
}

const all = sources.map(({ workflow }) => workflow);

test('a job grants what the jobs of the workflow that it calls take: GitHub starts none of them otherwise', () => {
  const lacking = calls(all).flatMap(({ job, called }) =>
    Object.values(called.jobs).flatMap(({ permissions = {} }) =>
      Object.entries(permissions).filter(
        ([right, level]) => ![level, 'write'].includes(job.permissions?.[right] ?? ''),
      ),
    ),
  );

  expect(calls(all).length).toBeGreaterThan(5);
  expect(lacking).toEqual([]);
});

test('a workflow that is called gets every secret that it declares, which is none of the environment without it', () => {
  for (const { job, called } of calls(all)) {
    const declared = Object.keys(called.on['workflow_call']?.secrets ?? {});
    expect(Object.keys(job.secrets ?? {})).toEqual(declared);
  }
});

test('no chain of workflows is longer than four, which is all that GitHub Enterprise Server takes', () => {
  const lengthOf = (workflow: Workflow): number =>
    1 + Math.max(0, ...calls([workflow]).map(({ called }) => lengthOf(called)));

  expect(Math.max(...all.map((workflow) => (workflow === null ? 0 : lengthOf(workflow))))).toBe(4);
});

/** A workflow that breaks each rule. */
const mistakes: Readonly<Record<string, string>> = {
  'no rights for all jobs': 'on: {push: }\npermissions: {contents: write}\njobs: {}',
  'actions are pinned by commit, with the version as a comment':
    'on: {push: }\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v7',
  'no expression in a script': 'jobs: {a: {steps: [{run: "echo ${{ github.event.issue.title }}"}]}}',
  'no credentials are left in the checkout': `jobs: {a: {steps: [{uses: actions/checkout@${'0'.repeat(40)}}]}}`,
  'no foreign code with our rights': 'on: {pull_request_target: }\njobs: {}',
  'every job has a timeout': 'jobs: {a: {runs-on: ubuntu-24.04}}',
  'every job names its machine': 'jobs: {a: {runs-on: ubuntu-latest}}',
  'every workflow has a concurrency group': 'on: {push: }\njobs: {}',
  'scripts end at the first failure': 'jobs: {a: {steps: [{run: "false | true"}]}}',
  "the only secret is the App's key": 'jobs: {a: {env: {TOKEN: "${{ secrets.TOKEN }}"}}}',
  "packages are installed before the App's key is there":
    'jobs: {a: {steps: [{uses: ./.github/actions/release-app}, {uses: ./.github/actions/install}]}}',
  "the App's key stays in its environment": 'jobs: {a: {steps: [{uses: ./.github/actions/release-app}]}}',
  'no right to write for the code of a pull request': `on: {pull_request: }\njobs: {a: {permissions: {pull-requests: write}, steps: [{uses: actions/checkout@${'0'.repeat(40)}}]}}`,
  'no job both comments and has an identity': 'jobs: {a: {permissions: {id-token: write, pull-requests: write}}}',
  'no action of others beside an identity': `jobs: {a: {permissions: {id-token: write}, steps: [{uses: aquasecurity/trivy-action@${'0'.repeat(40)}}]}}`,
  'no identity for forks': 'on: {pull_request: }\njobs: {a: {permissions: {id-token: write}}}',
  'no saved plan in an artifact': `jobs: {a: {steps: [{uses: actions/upload-artifact@${'0'.repeat(40)}, with: {path: reports/plan}}]}}`,
  'secrets go to no workflow of others': `jobs: {a: {uses: others/theirs/.github/workflows/a.yaml@${'0'.repeat(40)}, secrets: {KEY: key}}}`,
  'no service and no environment by its name':
    'jobs: {a: {steps: [{run: npm run release -- verify --environment staging}]}}',
  'no job of a matrix holds up another': 'jobs: {a: {strategy: {matrix: {service: [a, b]}}}}',
};
