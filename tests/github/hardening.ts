import { needs, type Job, type Source } from './workflows.ts';

/** What is wrong with a workflow or action, a sentence each. */
export type Rule = (source: Source) => string[];

function jobsOf({ workflow }: Source): [string, Job][] {
  return Object.entries(workflow?.jobs ?? {});
}

/** What is granted at the top is granted to every job: reading the code at most. */
const noRightsForAll: Rule = ({ workflow }) => {
  if (workflow === null) return [];
  const { permissions } = workflow;
  const granted = typeof permissions === 'object' ? JSON.stringify(permissions) : 'everything';
  return ['{}', '{"contents":"read"}'].includes(granted) ? [] : [`it grants every job ${granted}`];
};

/** A tag can be moved to other code overnight, a commit can't. */
const pinned: Rule = ({ text }) =>
  [...text.matchAll(/^[\s-]*uses: *(\S+)(.*)$/gm)].flatMap(([, action = '', comment = '']) => {
    if (action.startsWith('./')) return [];
    if (!/@[0-9a-f]{40}$/.test(action)) return [`${action} is not pinned to a commit`];
    return /^ # v\d+(\.\d+)*$/.test(comment) ? [] : [`${action} has no comment with its version`];
  });

/** Text from outside in a script is code: it goes through a variable. */
const noExpressionInScripts: Rule = ({ steps }) =>
  steps
    .flatMap((step) => [step.run ?? '', JSON.stringify(step.with?.['script'] ?? '')])
    .filter((script) => script.includes('${{'))
    .map((script) => `a script has an expression: ${script}`);

/** A token left in .git/config is there for everything that runs after. */
const noCredentialsLeft: Rule = ({ steps }) =>
  steps
    .filter((step) => step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false)
    .map(() => 'a checkout keeps its credentials');

/** They run code of a fork with the rights of the repository. */
const noForeignCodeWithRights: Rule = ({ workflow }) =>
  Object.keys(workflow?.on ?? {})
    .filter((event) => event === 'pull_request_target' || event === 'workflow_run')
    .map((event) => `it runs on ${event}`);

const bounded: Rule = (source) =>
  jobsOf(source)
    .filter(([, job]) => job.uses === undefined && !Number.isInteger(job['timeout-minutes']))
    .map(([name]) => `the job ${name} has no timeout`);

/** `ubuntu-latest` is another machine after a Tuesday. */
const knownMachine: Rule = (source) =>
  jobsOf(source)
    .filter(([, job]) => job.uses === undefined && !/^ubuntu-\d\d\.04$/.test(job['runs-on'] ?? ''))
    .map(([name]) => `the job ${name} runs on ${source.workflow?.jobs[name]?.['runs-on'] ?? 'nothing'}`);

const oneAtATime: Rule = ({ workflow }) => {
  // A called workflow runs in the group of its caller.
  if (workflow === null || Object.keys(workflow.on).join() === 'workflow_call') return [];
  return workflow.concurrency?.group === undefined ? ['it has no concurrency group'] : [];
};

/** Without it, a failure on the left of a pipe goes unseen. */
const strictShell: Rule = ({ steps, workflow }) => {
  const shells = steps
    .filter(({ run }) => run !== undefined)
    .map(({ shell }) => shell ?? workflow?.defaults?.run?.shell);
  return shells.every((shell) => shell === 'bash')
    ? []
    : ['a script runs without pipefail: set defaults.run.shell to bash'];
};

/** The one secret is the App's key, and only what makes a token of it sees it, or a workflow of ours that has such a job. */
const secretsOnlyForTheApp: Rule = ({ text }) =>
  [...text.matchAll(/^.*(?:\$\{\{.*\bsecrets\b|secrets: *inherit).*$/gm)]
    .map(([line]) => line.trim())
    .filter((line) => !/^(?:private-key|RELEASE_APP_KEY): \$\{\{ secrets\.RELEASE_APP_KEY \}\}$/.test(line))
    .map((line) => `a secret leaves its place: ${line}`);

/** A job that calls a workflow names each secret for it, which has to be in this repository. */
const secretsOnlyToOurOwn: Rule = (source) =>
  jobsOf(source)
    .filter(([, { secrets, uses = '' }]) => secrets !== undefined && !uses.startsWith('./.github/workflows/'))
    .map(([name]) => `the job ${name} gives a secret to a workflow of others`);

/** Packages are installed before the key is there: what is in them can't read it. */
const installsBeforeTheKey: Rule = (source) =>
  jobsOf(source).flatMap(([name, { steps = [] }]) => {
    const key = steps.findIndex(({ uses }) => uses === './.github/actions/release-app');
    const install = steps.findLastIndex(({ uses }) => uses === './.github/actions/install');
    return key !== -1 && install > key ? [`the job ${name} installs packages beside the App's key`] : [];
  });

/** Its key is a secret of that environment, which only main may use. */
const keyOnlyInItsEnvironment: Rule = (source) =>
  jobsOf(source)
    .filter(([, { steps = [] }]) => steps.some(({ uses }) => uses === './.github/actions/release-app'))
    .filter(([, { environment }]) => environment !== 'release')
    .map(([name]) => `the job ${name} wants the App's key outside of the environment release`);

/** A token that may write on a pull request is not for the code of that pull request. */
const rightsForMainsCodeAlone: Rule = (source) =>
  jobsOf(source)
    .filter(
      ([, { permissions = {} }]) =>
        'pull_request' in (source.workflow?.on ?? {}) && permissions['pull-requests'] === 'write',
    )
    .flatMap(([name, { steps = [] }]) =>
      steps
        .filter(({ uses = '' }) => uses.startsWith('actions/checkout@'))
        .filter((step) => step.with?.['ref'] !== '${{ github.event.pull_request.base.sha }}')
        .map(() => `the job ${name} may write on the pull request whose code it runs`),
    );

/** Whoever may speak on a pull request may not become somebody at Google. */
const oneRightEach: Rule = (source) =>
  jobsOf(source)
    .filter(
      ([, { permissions = {} }]) => permissions['id-token'] === 'write' && permissions['pull-requests'] === 'write',
    )
    .map(([name]) => `the job ${name} may both write on pull requests and take an identity`);

/** Whose actions may run where a token of Google can be had: GitHub, Google, and the makers of what builds and signs. */
const trusted = /^(?:\.\/|(?:actions|docker|google-github-actions|hashicorp|sigstore)\/)/;

/** Scanners run without an identity: one that is pinned here was taken over in March 2026 (GHSA-69fq-xp46-6x23). */
const noOthersBesideAnIdentity: Rule = (source) =>
  jobsOf(source)
    .filter(([, { permissions = {} }]) => permissions['id-token'] === 'write')
    .flatMap(([name, { steps = [] }]) =>
      steps
        .filter(({ uses = './' }) => !trusted.test(uses))
        .map(({ uses }) => `the job ${name} takes an identity beside ${uses}`),
    );

/** A fork gets no identity from GitHub: a job that needs one has to be skipped for it, not fail. */
const noIdentityForForks: Rule = (source) => {
  const { workflow } = source;
  if (workflow === null || !('pull_request' in workflow.on)) return [];
  const guards = ['head.repo.full_name == github.repository', "event_name != 'pull_request'"];
  const isGuarded = (name: string): boolean => {
    const job = workflow.jobs[name];
    if (job === undefined) return false;
    return guards.some((guard) => job.if?.includes(guard)) || needs(job).some((before) => isGuarded(before));
  };
  return jobsOf(source)
    .filter(([name, { permissions = {} }]) => permissions['id-token'] === 'write' && !isGuarded(name))
    .map(([name]) => `the job ${name} takes an identity for a fork's pull request`);
};

/** Saved plans hold what the state holds, and whoever sees the run can load its artifacts. */
const noPlanInAnArtifact: Rule = ({ steps }) =>
  steps
    .filter((step) => step.uses?.startsWith('actions/upload-artifact@'))
    .flatMap((step) => String(step.with?.['path']).trim().split('\n'))
    .filter((path) => path.includes('plan') && !/\.(?:md|txt)$/.test(path.trim()))
    .map((path) => `${path} may hold a saved plan`);

/** Who adds a service or an environment changes settings.ts, and no workflow. */
const nobodyByName: Rule = (source) => [
  ...source.steps.flatMap(({ run = '' }) =>
    [...run.matchAll(/--(?:service|environment|from|to)[= ]+["']?([\w-]+)/g)].map(
      ([, name]) => `a script names ${name}`,
    ),
  ),
  ...Object.values(source.workflow?.on ?? {}).flatMap((trigger) =>
    Object.entries(trigger?.inputs ?? {})
      .filter(([name, { options }]) => /service|environment/.test(name) && options !== undefined)
      .map(([name]) => `the input ${name} lists names`),
  ),
  ...jobsOf(source).flatMap(([job, { strategy }]) =>
    Object.entries(strategy?.matrix ?? {})
      .filter(([name, values]) => /service|environment|target/.test(name) && Array.isArray(values))
      .map(([name]) => `the matrix of ${job} lists each ${name}`),
  ),
];

/** One service, environment or stack that fails holds up no other. */
const noneHoldsUpAnother: Rule = (source) =>
  jobsOf(source)
    .filter(([, { strategy }]) => strategy !== undefined && strategy['fail-fast'] !== false)
    .map(([name]) => `the first failure in the matrix of ${name} cancels the others`);

/** Every rule by its name. */
export const rules: Readonly<Record<string, Rule>> = {
  'no rights for all jobs': noRightsForAll,
  'actions are pinned by commit, with the version as a comment': pinned,
  'no expression in a script': noExpressionInScripts,
  'no credentials are left in the checkout': noCredentialsLeft,
  'no foreign code with our rights': noForeignCodeWithRights,
  'every job has a timeout': bounded,
  'every job names its machine': knownMachine,
  'every workflow has a concurrency group': oneAtATime,
  'scripts end at the first failure': strictShell,
  "the only secret is the App's key": secretsOnlyForTheApp,
  "packages are installed before the App's key is there": installsBeforeTheKey,
  "the App's key stays in its environment": keyOnlyInItsEnvironment,
  'no right to write for the code of a pull request': rightsForMainsCodeAlone,
  'no job both comments and has an identity': oneRightEach,
  'no action of others beside an identity': noOthersBesideAnIdentity,
  'no identity for forks': noIdentityForForks,
  'no saved plan in an artifact': noPlanInAnArtifact,
  'secrets go to no workflow of others': secretsOnlyToOurOwn,
  'no service and no environment by its name': nobodyByName,
  'no job of a matrix holds up another': noneHoldsUpAnother,
};
