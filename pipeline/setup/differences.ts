import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Answer, type Ask, bodyOf, contains, reasonOf, shown, valueAt } from '../doctor/finding.ts';

const environmentFile = z.strictObject({ branches: z.array(z.string()).nullable(), reviewed: z.boolean() });
const rule = z.looseObject({ type: z.string(), parameters: z.record(z.string(), z.unknown()).exactOptional() });
const actor = z.strictObject({ actor_id: z.number().nullable(), actor_type: z.string(), bypass_mode: z.string() });
const rulesetFile = z.looseObject({
  name: z.string(),
  enforcement: z.string(),
  conditions: z.unknown(),
  rules: z.array(rule),
  bypass_actors: z.array(z.looseObject(actor.shape)).exactOptional(),
});
const repositoryFile = z.strictObject({
  environments: z.record(z.string(), environmentFile),
  workflow: z.record(z.string(), z.unknown()),
  subject: z.record(z.string(), z.unknown()),
});

/** What .github/ruleset.json and .github/repository.json say, and what the owner's settings add. */
export interface Wanted {
  readonly ruleset: z.infer<typeof rulesetFile>;
  readonly repository: z.infer<typeof repositoryFile>;
  /** Who approves an apply: `@org/team` or `@user`, by settings.ts; empty for nobody. */
  readonly reviewers: readonly string[];
  /** The release App's name in its address; null before there is one. */
  readonly app: string | null;
  /** Variables of the repository. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Reads the two files of a working copy. */
export async function readWanted(directory: string): Promise<Pick<Wanted, 'ruleset' | 'repository'>> {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(directory, '.github', name), 'utf8'));
  return {
    ruleset: rulesetFile.parse(await read('ruleset.json')),
    repository: repositoryFile.parse(await read('repository.json')),
  };
}

/** One request that changes a setting at GitHub; the path begins after the repository's own. */
export interface Change {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body: object | null;
}

/** A setting at GitHub that is not what git says. */
export interface Difference {
  readonly about: string;
  readonly says: string;
  /** What mends it, in this order; empty where only a person can, or the token may not see it. */
  readonly changes: readonly Change[];
}

const reviewerRule = z.looseObject({
  type: z.string(),
  reviewers: z.array(z.object({ type: z.string(), reviewer: z.looseObject({ id: z.number() }) })).exactOptional(),
});
const environment = z.object({
  protection_rules: z.array(reviewerRule).default([]),
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .nullable()
    .default(null),
});
const branchPolicies = z.object({ branch_policies: z.array(z.object({ id: z.number(), name: z.string() })) });
const listedRulesets = z.array(z.object({ id: z.number(), name: z.string(), source_type: z.string().exactOptional() }));
const identified = z.object({ id: z.number() });

/** A reviewer as GitHub takes it. */
interface Reviewer {
  readonly type: 'User' | 'Team';
  readonly id: number;
}

/** Whose approval an environment waits for, by its own answer. */
export function reviewersOf(answer: Answer): readonly Reviewer[] {
  const rules = bodyOf(answer, environment)?.protection_rules ?? [];
  return rules.flatMap(({ reviewers = [] }) =>
    reviewers.map(({ type, reviewer }) => ({ type: type === 'Team' ? 'Team' : 'User', id: reviewer.id })),
  );
}

/**
 * What differs at GitHub from what git says, and the requests that mend it. Reads and changes nothing else.
 *
 * @param place `OWNER/NAME`
 */
export async function differences(ask: Ask, place: string, wanted: Wanted): Promise<readonly Difference[]> {
  const at = `/repos/${place}`;
  const found: (Difference | null)[] = [];
  for (const [name, one] of Object.entries(wanted.repository.environments)) {
    found.push(await environmentDifference(ask, at, name, one, wanted.reviewers));
  }
  found.push(await rulesetDifference(ask, at, wanted));
  const same = async (about: string, path: string, body: Readonly<Record<string, unknown>>) => {
    const answer = await ask(`${at}/${path}`);
    if (answer.status !== 200) return { about, says: `can't be read: ${reasonOf(answer)}.`, changes: [] };
    const wrong = Object.entries(body).filter(([key, value]) => !contains(valueAt(answer.body, key), value));
    if (wrong.length === 0) return null;
    const says = `${wrong.map(([key, value]) => `${key} is ${shown(valueAt(answer.body, key))}, expected ${shown(value)}`).join('; ')}.`;
    return { about, says, changes: [{ method: 'PUT' as const, path, body }] };
  };
  found.push(await same('rights of workflows', 'actions/permissions/workflow', wanted.repository.workflow));
  found.push(await same("subject of the jobs' tokens", 'actions/oidc/customization/sub', wanted.repository.subject));
  for (const [name, value] of Object.entries(wanted.variables)) {
    found.push(await variableDifference(ask, at, name, value));
  }
  return found.filter((one) => one !== null);
}

async function environmentDifference(
  ask: Ask,
  at: string,
  name: string,
  { branches, reviewed }: z.infer<typeof environmentFile>,
  owners: readonly string[],
): Promise<Difference | null> {
  const about = `environment ${name}`;
  const path = `environments/${name}`;
  const answer = await ask(`${at}/${path}`);
  const there = bodyOf(answer, environment);
  if (there === null && answer.status !== 404)
    return { about, says: `can't be read: ${reasonOf(answer)}.`, changes: [] };
  const says: string[] = there === null ? ['does not exist, and GitHub would make it on first use, without rules'] : [];
  const has = reviewersOf(answer);
  const resolved = reviewed ? await resolveReviewers(ask, owners) : { reviewers: has, unknown: [] };
  if (reviewed && owners.length === 0) says.push('no reviewer is named: set owners.platform in settings.ts');
  for (const owner of resolved.unknown) says.push(`${owner} is no user or team that GitHub knows`);
  if (resolved.reviewers.some(({ type, id }) => !has.some((one) => one.type === type && one.id === id)))
    says.push(`nobody of ${owners.join(', ')} is asked for an approval`);
  const isRestricted = there?.deployment_branch_policy?.custom_branch_policies === true;
  const policies = isRestricted
    ? (bodyOf(await ask(`${at}/${path}/deployment-branch-policies`), branchPolicies)?.branch_policies ?? [])
    : [];
  const extra = branches === null ? [] : policies.filter((policy) => !branches.includes(policy.name));
  const lacking = (branches ?? []).filter((branch) => !policies.some((policy) => policy.name === branch));
  if (branches === null ? there?.deployment_branch_policy != null : !isRestricted) {
    says.push(
      branches === null ? 'takes some branches only' : `takes every branch, and not ${branches.join(', ')} alone`,
    );
  } else if (extra.length > 0 || lacking.length > 0) {
    says.push(
      `takes ${policies.map((policy) => policy.name).join(', ') || 'no branch'}, expected ${(branches ?? []).join(', ')}`,
    );
  }
  if (says.length === 0) return null;
  const body = {
    reviewers: resolved.reviewers.length > 0 ? resolved.reviewers : null,
    deployment_branch_policy: branches === null ? null : { protected_branches: false, custom_branch_policies: true },
  };
  return {
    about,
    says: `${says.join('; ')}.`,
    changes: [
      { method: 'PUT', path, body },
      ...lacking.map((branch) => ({
        method: 'POST' as const,
        path: `${path}/deployment-branch-policies`,
        body: { name: branch },
      })),
      ...extra.map(({ id }) => ({
        method: 'DELETE' as const,
        path: `${path}/deployment-branch-policies/${id}`,
        body: null,
      })),
    ],
  };
}

/** GitHub's numbers of users and teams; those that it does not know by name. */
async function resolveReviewers(ask: Ask, owners: readonly string[]) {
  const reviewers: Reviewer[] = [];
  const unknown: string[] = [];
  for (const owner of owners) {
    const [first = '', team] = owner.replace(/^@/, '').split('/');
    const path = team === undefined ? `/users/${first}` : `/orgs/${first}/teams/${team}`;
    const id = bodyOf(await ask(path), identified)?.id;
    if (id === undefined) unknown.push(owner);
    else reviewers.push({ type: team === undefined ? 'User' : 'Team', id });
  }
  return { reviewers, unknown };
}

async function rulesetDifference(ask: Ask, at: string, { ruleset, app }: Wanted): Promise<Difference | null> {
  const about = `ruleset ${ruleset.name}`;
  const list = await ask(`${at}/rulesets?includes_parents=false`);
  const listed = bodyOf(list, listedRulesets);
  if (listed === null) return { about, says: `can't be read: ${reasonOf(list)}.`, changes: [] };
  const appId = app === null ? null : (bodyOf(await ask(`/apps/${app}`), identified)?.id ?? null);
  const bypass = [
    ...(ruleset.bypass_actors ?? []),
    ...(appId === null ? [] : [{ actor_id: appId, actor_type: 'Integration', bypass_mode: 'always' }]),
  ];
  const body = { ...ruleset, bypass_actors: bypass };
  const id = listed.find(({ name }) => name === ruleset.name)?.id;
  if (id === undefined) {
    return {
      about,
      says: 'does not exist: anybody who may write pushes to main.',
      changes: [{ method: 'POST', path: 'rulesets', body }],
    };
  }
  const answer = await ask(`${at}/rulesets/${id}`);
  const there = bodyOf(answer, rulesetFile);
  if (there === null) return { about, says: `can't be read: ${reasonOf(answer)}.`, changes: [] };
  const says: string[] = [];
  if (there.enforcement !== ruleset.enforcement) says.push(`is ${there.enforcement}, expected ${ruleset.enforcement}`);
  if (!contains(there.conditions, ruleset.conditions)) says.push('is for other branches');
  for (const expected of ruleset.rules) {
    const own = there.rules.find(({ type }) => type === expected.type);
    if (own === undefined) says.push(`lacks the rule ${expected.type}`);
    else if (!contains(own.parameters, expected.parameters)) says.push(`has other parameters for ${expected.type}`);
  }
  // Whoever may not change the ruleset is not told who may go past it.
  if (there.bypass_actors !== undefined) {
    const strangers = there.bypass_actors.filter((one) => !bypass.some((known) => named(known) === named(one)));
    if (strangers.length > 0)
      says.push(`lets ${strangers.map(named).join(', ')} go past it, which .github/ruleset.json does not name`);
    const actors = there.bypass_actors;
    if (bypass.some((one) => !actors.some((known) => named(known) === named(one))))
      says.push('does not let the release App go past it, so no release can be pushed');
  }
  return says.length === 0
    ? null
    : { about, says: `${says.join('; ')}.`, changes: [{ method: 'PUT', path: `rulesets/${id}`, body }] };
}

function named(one: { readonly actor_type: string; readonly actor_id: number | null }): string {
  return `${one.actor_type} ${one.actor_id}`;
}

async function variableDifference(ask: Ask, at: string, name: string, value: string): Promise<Difference | null> {
  const about = `variable ${name}`;
  const answer = await ask(`${at}/actions/variables/${name}`);
  if (answer.status === 404) {
    const says = `is not set, expected ${value}.`;
    return { about, says, changes: [{ method: 'POST', path: 'actions/variables', body: { name, value } }] };
  }
  if (answer.status !== 200) return { about, says: `can't be read: ${reasonOf(answer)}.`, changes: [] };
  const has = valueAt(answer.body, 'value');
  if (has === value) return null;
  const change: Change = { method: 'PATCH', path: `actions/variables/${name}`, body: { name, value } };
  return { about, says: `is ${shown(has)}, expected ${value}.`, changes: [change] };
}
