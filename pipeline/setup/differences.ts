import { z } from 'zod';
import {
  type Ask,
  bodyOf,
  type Change,
  contains,
  type Difference,
  environmentAnswer,
  type environmentShape,
  merged,
  type Reviewer,
  reviewersOf,
  rulesetShape,
  shown,
  unread,
  valueAt,
  type Wanted,
} from '../doctor/finding.ts';

const branchPolicies = z.object({
  branch_policies: z.array(z.object({ id: z.number(), name: z.string(), type: z.string().default('branch') })),
});
const listedRulesets = z.array(z.object({ id: z.number(), name: z.string() }));
const identified = z.object({ id: z.number() });

/**
 * What differs at GitHub from what git says, and the requests that mend it. Reads and changes nothing else.
 *
 * @param place `OWNER/NAME`
 */
export async function differences(ask: Ask, place: string, wanted: Wanted): Promise<readonly Difference[]> {
  const at = `/repos/${place}`;
  const { environments, workflow, subject } = wanted.repository;
  const found: (Difference | null)[] = [];
  for (const [name, one] of Object.entries(environments)) {
    found.push(await environmentDifference(ask, at, name, one, wanted.reviewers));
  }
  found.push(await rulesetDifference(ask, at, wanted));
  found.push(await fieldsDifference(ask, at, 'rights of workflows', 'actions/permissions/workflow', workflow));
  found.push(await fieldsDifference(ask, at, "subject of the jobs' tokens", 'actions/oidc/customization/sub', subject));
  for (const [name, value] of Object.entries(wanted.variables)) {
    found.push(await variableDifference(ask, at, name, value));
  }
  return found.filter((one) => one !== null);
}

async function fieldsDifference(
  ask: Ask,
  at: string,
  about: string,
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<Difference | null> {
  const answer = await ask(`${at}/${path}`);
  if (answer.status !== 200) return unread(about, answer);
  const wrong = Object.entries(body).filter(([key, value]) => !contains(valueAt(answer.body, key), value));
  if (wrong.length === 0) return null;
  const says = wrong.map(([key, value]) => `${key} is ${shown(valueAt(answer.body, key))}, expected ${shown(value)}`);
  return { state: 'differs', about, says: `${says.join('; ')}.`, changes: [{ method: 'PUT', path, body }] };
}

async function environmentDifference(
  ask: Ask,
  at: string,
  name: string,
  { branches, reviewed }: z.infer<typeof environmentShape>,
  owners: readonly string[],
): Promise<Difference | null> {
  const about = `environment ${name}`;
  const path = `environments/${name}`;
  const answer = await ask(`${at}/${path}`);
  const there = bodyOf(answer, environmentAnswer);
  if (there === null && answer.status !== 404) return unread(about, answer);
  const says: string[] = there === null ? ['does not exist, and GitHub would make it on first use, without rules'] : [];
  const has = reviewersOf(answer);
  // By their names: the token of a workflow may read an environment, and no team.
  const absent = reviewed ? owners.filter((owner) => !has.some((one) => isNamed(one, owner))) : [];
  const lacking = await Promise.all(absent.map(async (owner) => ({ owner, reviewer: await findReviewer(ask, owner) })));
  const added = lacking.flatMap(({ reviewer }) => reviewer ?? []);
  const nobodys = lacking.filter(({ reviewer }) => reviewer === null).map(({ owner }) => owner);
  if (absent.length > 0) says.push(`does not ask ${absent.join(', ')} for an approval`);
  if (nobodys.length > 0) says.push(`GitHub shows no user or team ${nobodys.join(', ')} to this login`);
  if (reviewed && owners.length === 0 && has.length === 0)
    says.push('asks nobody for an approval, and settings.ts names nobody as owners.platform');
  const policy = there?.deployment_branch_policy ?? null;
  const isRestricted = policy?.custom_branch_policies === true;
  const policies = isRestricted
    ? (bodyOf(await ask(`${at}/${path}/deployment-branch-policies`), branchPolicies)?.branch_policies ?? [])
    : [];
  const isWanted = (one: { readonly name: string; readonly type: string }): boolean =>
    one.type === 'branch' && branches?.includes(one.name) === true;
  const extra = branches === null ? [] : policies.filter((one) => !isWanted(one));
  const missing = (branches ?? []).filter((branch) => !policies.some((one) => isWanted(one) && one.name === branch));
  const isOtherwise = branches === null ? policy !== null : !isRestricted;
  if (isOtherwise) {
    const expected = (branches ?? []).join(', ');
    says.push(branches === null ? 'takes some branches only' : `takes every branch, and not ${expected} alone`);
  } else if (extra.length > 0 || missing.length > 0) {
    const takes = policies.map((one) => (one.type === 'branch' ? one.name : `${one.type} ${one.name}`)).join(', ');
    says.push(`takes ${takes || 'no branch'}, expected ${(branches ?? []).join(', ')}`);
  }
  if (says.length === 0) return null;
  // GitHub forgets what is not said again: what an owner has set beside this is kept.
  const rules = there?.protection_rules ?? [];
  const wait = rules.find((rule) => rule.wait_timer !== undefined)?.wait_timer;
  const others = rules.find((rule) => rule.prevent_self_review !== undefined)?.prevent_self_review;
  const reviewers = [...has, ...added].map(({ type, id }) => ({ type, id }));
  const body = {
    ...(wait !== undefined && { wait_timer: wait }),
    ...(others !== undefined && { prevent_self_review: others }),
    reviewers: reviewers.length > 0 ? reviewers : null,
    deployment_branch_policy: branches === null ? null : { protected_branches: false, custom_branch_policies: true },
  };
  const policiesPath = `${path}/deployment-branch-policies`;
  const put: readonly Change[] =
    there === null || isOtherwise || added.length > 0 ? [{ method: 'PUT', path, body }] : [];
  const post = missing.map((branch): Change => ({ method: 'POST', path: policiesPath, body: { name: branch } }));
  const remove = extra.map(({ id }): Change => ({ method: 'DELETE', path: `${policiesPath}/${id}`, body: null }));
  return { state: 'differs', about, says: `${says.join('; ')}.`, changes: [...put, ...post, ...remove] };
}

function isNamed({ type, name }: Reviewer, owner: string): boolean {
  const [first = '', team] = owner.replace(/^@/, '').toLowerCase().split('/');
  return team === undefined ? type === 'User' && name === first : type === 'Team' && name === team;
}

/** A user or team as GitHub numbers it; null for one that it does not show. */
async function findReviewer(ask: Ask, owner: string): Promise<Reviewer | null> {
  const [first = '', team] = owner.replace(/^@/, '').split('/');
  const id = bodyOf(await ask(team === undefined ? `/users/${first}` : `/orgs/${first}/teams/${team}`), identified)?.id;
  return id === undefined ? null : { type: team === undefined ? 'User' : 'Team', id, name: team ?? first };
}

async function rulesetDifference(ask: Ask, at: string, { ruleset, app }: Wanted): Promise<Difference | null> {
  const about = `ruleset ${ruleset.name}`;
  const list = await ask(`${at}/rulesets?includes_parents=false&per_page=100`);
  const listed = bodyOf(list, listedRulesets);
  if (listed === null) return unread(about, list);
  const told = app === null ? null : await ask(`/apps/${app}`);
  const appId = told === null ? null : bodyOf(told, identified)?.id;
  // Without its number, a request would take from the App that it may go past the ruleset.
  if (told !== null && appId === undefined) return unread(`${about}: ${app}`, told);
  const bypass = [
    ...(ruleset.bypass_actors ?? []),
    ...(appId == null ? [] : [{ actor_id: appId, actor_type: 'Integration', bypass_mode: 'always' }]),
  ];
  const id = listed.find(({ name }) => name === ruleset.name)?.id;
  if (id === undefined) {
    const says = 'does not exist: anybody who may write pushes to main.';
    const body = { ...ruleset, bypass_actors: bypass };
    return { state: 'differs', about, says, changes: [{ method: 'POST', path: 'rulesets', body }] };
  }
  const answer = await ask(`${at}/rulesets/${id}`);
  const there = bodyOf(answer, rulesetShape);
  if (there === null) return unread(about, answer);
  const says: string[] = [];
  if (there.enforcement !== ruleset.enforcement) says.push(`is ${there.enforcement}, expected ${ruleset.enforcement}`);
  // Both ways: a branch that is excluded has no rules at all.
  if (!contains(there.conditions, ruleset.conditions) || !contains(ruleset.conditions, there.conditions))
    says.push('is for other branches');
  const rules = there.rules.filter(({ type }) => ruleset.rules.every((expected) => expected.type !== type));
  for (const expected of ruleset.rules) {
    const own = there.rules.find(({ type }) => type === expected.type);
    if (own === undefined) says.push(`lacks the rule ${expected.type}`);
    else if (!contains(own.parameters, expected.parameters)) says.push(`has other parameters for ${expected.type}`);
    rules.push(own === undefined ? expected : { ...own, ...Object(merged(own, expected)) });
  }
  // Whoever may not change the ruleset is not told who may go past it.
  if (there.bypass_actors !== undefined) {
    const actors = there.bypass_actors;
    const strangers = actors.filter((one) => !bypass.some((known) => named(known) === named(one)));
    if (strangers.length > 0)
      says.push(`lets ${strangers.map(named).join(', ')} go past it, which .github/ruleset.json does not name`);
    if (bypass.some((one) => !actors.some((known) => named(known) === named(one))))
      says.push('does not let the release App go past it, so no release can be pushed');
  }
  if (says.length === 0) return null;
  const body = { ...ruleset, rules, bypass_actors: bypass };
  return {
    state: 'differs',
    about,
    says: `${says.join('; ')}.`,
    changes: [{ method: 'PUT', path: `rulesets/${id}`, body }],
  };
}

function named(one: {
  readonly actor_type: string;
  readonly actor_id: number | null;
  readonly bypass_mode: string;
}): string {
  return `${one.actor_type} ${one.actor_id}${one.bypass_mode === 'always' ? '' : ` (${one.bypass_mode})`}`;
}

async function variableDifference(ask: Ask, at: string, name: string, value: string): Promise<Difference | null> {
  const about = `variable ${name}`;
  const state = 'differs';
  const answer = await ask(`${at}/actions/variables/${name}`);
  if (answer.status === 404) {
    const says = `is not set, expected ${value}.`;
    return { state, about, says, changes: [{ method: 'POST', path: 'actions/variables', body: { name, value } }] };
  }
  if (answer.status !== 200) return unread(about, answer);
  const has = valueAt(answer.body, 'value');
  if (has === value) return null;
  const change: Change = { method: 'PATCH', path: `actions/variables/${name}`, body: { name, value } };
  return { state, about, says: `is ${shown(has)}, expected ${value}.`, changes: [change] };
}
