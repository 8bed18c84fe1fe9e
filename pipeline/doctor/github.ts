import { z } from 'zod';
import { shownAddress } from '../../github/address.ts';
import { isExampleRepository } from '../../settings/cross-checks.ts';
import type { Settings } from '../../settings/settings.ts';
import { differences } from '../setup/differences.ts';
import { appFindings, webhookFindings } from './app.ts';
import {
  type Answer,
  type Ask,
  bodyOf,
  type Finding,
  missing,
  ok,
  reasonOf,
  reviewersOf,
  unknown,
  type Wanted,
} from './finding.ts';

const repositoryShape = z.object({
  id: z.number(),
  owner: z.object({ id: z.number(), login: z.string(), type: z.string() }),
  private: z.boolean(),
  fork: z.boolean(),
  default_branch: z.string(),
  permissions: z.object({ admin: z.boolean() }).exactOptional(),
});
const planShape = z.object({ plan: z.object({ name: z.string() }) });
const workflowsShape = z.object({ workflows: z.array(z.object({ path: z.string(), state: z.string() })) });
const permissionsShape = z.object({ enabled: z.boolean(), allowed_actions: z.string().exactOptional() });
const errorsShape = z.object({
  errors: z.array(z.object({ line: z.number(), kind: z.string(), source: z.string().default('') })),
});

const setUp = 'npm run pipeline -- setup';

/** Whether the repository is still the example's; null where it is another. */
export function exampleFinding({ repository }: Settings): Finding | null {
  if (!isExampleRepository(repository)) return null;
  const says = `settings.ts names the example's, ${shownAddress(repository)}.`;
  return missing('settings: repository', says, 'Write the address of yours into settings.ts, and run npm run synth.');
}

/**
 * What is missing at GitHub, by the answers of its API.
 *
 * @param place `OWNER/NAME`
 */
export async function gitHubFindings(
  ask: Ask,
  place: string,
  settings: Settings,
  wanted: Wanted,
): Promise<readonly Finding[]> {
  const about = 'GitHub: repository';
  const example = exampleFinding(settings);
  if (example !== null) return [example];
  const answer = await ask(`/repos/${place}`);
  const repository = bodyOf(answer, repositoryShape);
  if (repository === null) {
    const says = `${place} can't be read: ${reasonOf(answer)}.`;
    if (answer.status === 404)
      return [
        missing(
          about,
          `${says} It does not exist, or your login may not see it.`,
          `gh repo create ${place} --private --source . --remote origin`,
        ),
      ];
    return [unknown(about, says, 'gh auth login')];
  }
  const { owner } = repository;
  const found: Finding[] = [ok(about, `${place} is there, ${repository.private ? 'private' : 'public'}.`)];
  if (repository.permissions?.admin === false)
    found.push(
      missing(
        about,
        'your login is no administrator of it, so most settings can be neither read nor set.',
        'gh auth login   # as an administrator',
      ),
    );
  if (repository.default_branch !== 'main')
    found.push(
      missing(
        about,
        `its default branch is ${repository.default_branch}, and releases go to main.`,
        'gh repo edit --default-branch main',
      ),
    );
  for (const { name, google } of settings.clusters) {
    const github = google.github;
    if (github === undefined || (github.ownerId === String(owner.id) && github.repositoryId === String(repository.id)))
      continue;
    const says = `clusters.${name}.google.github names ${github.ownerId} and ${github.repositoryId}, which are another repository's: its jobs would get the rights at Google.`;
    found.push(
      missing(
        'settings: numbers',
        says,
        `Write github: { ownerId: '${owner.id}', repositoryId: '${repository.id}' } into settings.ts, and run npm run synth.`,
      ),
    );
  }
  const strangers = Object.values(settings.owners ?? {}).filter((one) => /(?:^|\s)@example(?:\/|\s|$)/.test(one));
  if (strangers.length > 0)
    found.push(
      missing(
        'settings: owners',
        `${strangers.join(', ')} are the example's: nobody would be asked for an approval.`,
        'Write users or teams of yours as owners into settings.ts, and run npm run synth.',
      ),
    );
  found.push(...(await workflowFindings(ask, place, repository.fork)));
  found.push(await planFinding(ask, repository));
  const compared = await differences(ask, place, wanted);
  if (compared.length === 0) {
    const names = Object.keys(wanted.repository.environments).join(', ');
    found.push(ok('GitHub: settings', `the environments ${names} and the ruleset are as .github/ says.`));
  }
  for (const { state, about: what, says, changes } of compared) {
    if (state === 'unread') found.push(unknown(`GitHub: ${what}`, says, 'gh auth login   # as an administrator'));
    else {
      const owners = `Write a user or team of GitHub as owners.platform into settings.ts, and run ${setUp}.`;
      found.push(missing(`GitHub: ${what}`, says, changes.length === 0 ? owners : setUp));
    }
  }
  found.push(...(await appFindings(ask, place, wanted, owner)));
  found.push(...(await webhookFindings(ask, place, settings)));
  found.push(...ownersFindings(await ask(`/repos/${place}/codeowners/errors`)));
  return found;
}

/** Whom CODEOWNERS names. GitHub asks nobody for an owner that it does not know. */
function ownersFindings(answer: Answer): readonly Finding[] {
  const about = 'GitHub: CODEOWNERS';
  if (answer.status === 404)
    return [missing(about, 'main has none, so no approval of an owner is asked for.', 'npm run synth\ngit push')];
  const owners = bodyOf(answer, errorsShape);
  if (owners === null) return [unknown(about, `its errors can't be read: ${reasonOf(answer)}.`, 'gh auth login')];
  return owners.errors.map(({ line, kind, source }) =>
    missing(
      about,
      `line ${line}, ${source.trim()}: ${kind}. Nobody is asked for an approval there.`,
      'Give the team write access to the repository, or name another in settings.ts.',
    ),
  );
}

/** A fork starts no workflow before somebody allows it, and GitHub stops them in any repository that rests. */
async function workflowFindings(ask: Ask, place: string, isFork: boolean): Promise<readonly Finding[]> {
  const about = 'GitHub: workflows';
  const permissions = bodyOf(await ask(`/repos/${place}/actions/permissions`), permissionsShape);
  if (permissions?.enabled === false)
    return [
      missing(
        about,
        'Actions are off.',
        `gh api --method PUT repos/${place}/actions/permissions -F enabled=true -f allowed_actions=all`,
      ),
    ];
  const answer = await ask(`/repos/${place}/actions/workflows?per_page=100`);
  const listed = bodyOf(answer, workflowsShape);
  if (listed === null) return [unknown(about, `can't be read: ${reasonOf(answer)}.`, 'gh auth login')];
  const found: Finding[] = [];
  if (isFork)
    found.push(
      missing(
        'GitHub: fork',
        'this is a fork: gh pr create opens pull requests in the original.',
        `gh repo set-default ${place}`,
      ),
    );
  const off = listed.workflows.filter(({ state }) => state !== 'active');
  if (off.length > 0) {
    const names = off.map(({ path }) => path.split('/').at(-1) ?? path);
    found.push(
      missing(
        about,
        `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} ${off[0]?.state}.`,
        names.map((name) => `gh workflow enable ${name}`).join('\n'),
      ),
    );
  } else if (listed.workflows.length === 0)
    found.push(missing(about, 'there is none: main has not been pushed yet.', 'git push -u origin main'));
  else found.push(ok(about, `${listed.workflows.length} are active.`));
  if (permissions?.allowed_actions === 'local_only')
    found.push(
      missing(
        about,
        'only actions of the owner itself may run, and the workflows use those of others.',
        `gh api --method PUT repos/${place}/actions/permissions -F enabled=true -f allowed_actions=selected\ndocs/how-to/set-up-the-pipeline.md lists those that are used.`,
      ),
    );
  else if (permissions?.allowed_actions === 'selected')
    found.push(
      unknown(
        about,
        `only some actions may run (allowed_actions is ${permissions.allowed_actions}).`,
        'docs/how-to/set-up-the-pipeline.md lists those that are used.',
      ),
    );
  return found;
}

/**
 * What the plan has (docs.github.com, "Deployments and environments"): in private repositories environments from Pro on, and required
 * reviewers in Enterprise alone; in public ones both in every plan.
 */
async function planFinding(ask: Ask, { private: isPrivate, owner }: z.infer<typeof repositoryShape>): Promise<Finding> {
  const about = 'GitHub: plan';
  if (!isPrivate) return ok(about, 'public repositories have environments with reviewers in every plan.');
  const path = owner.type === 'Organization' ? `/orgs/${owner.login}` : '/user';
  const plan = bodyOf(await ask(path), planShape)?.plan.name ?? null;
  if (plan === null)
    return unknown(
      about,
      'your login may not see it. Private repositories have required reviewers with GitHub Enterprise alone.',
      'gh auth refresh --scopes read:org,user',
    );
  if (plan.startsWith('enterprise') || plan.startsWith('business'))
    return ok(about, `${plan} has environments with reviewers in private repositories.`);
  const lacks = plan === 'free' ? 'has no environments and no rulesets' : 'has no required reviewers';
  return missing(
    about,
    `${plan} ${lacks} in private repositories, so nobody can approve an apply, and npm run pipeline -- apply refuses.`,
    'gh repo edit --visibility public --accept-visibility-change-consequences\nOr use GitHub Enterprise, or apply by hand: docs/how-to/set-up-the-pipeline.md.',
  );
}

/**
 * Why nobody could refuse an apply, in a sentence; null where somebody could. An environment that GitHub makes on first use has no rules, and
 * without reviewers its jobs run at once.
 */
export async function unapproved(ask: Ask, place: string): Promise<string | null> {
  const answer = await ask(`/repos/${place}/environments/cluster`);
  const remedy =
    'Run npm run pipeline -- setup, and npm run pipeline -- doctor to see what the plan of your GitHub account has.';
  if (answer.status !== 200)
    return `The environment cluster can't be read, so nobody knows who approves: ${reasonOf(answer)}. ${remedy}`;
  if (reviewersOf(answer).length > 0) return null;
  return `The environment cluster has no reviewer, so nobody has approved this plan, and nothing is applied. ${remedy}`;
}
