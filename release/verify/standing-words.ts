import type { RolloutState } from 'zerodrop/rollout';
import type { Expected } from './expected.ts';

/** Where a rollout stands, in the words of a line of progress. */
export function progress({ application, deployment, pods }: RolloutState): string {
  if (application === null) return 'the Application does not exist';
  const at = application.revision === null ? 'no commit yet' : application.revision.slice(0, 7);
  const ending = pods.filter(({ state }) => state === 'terminating').length;
  return [
    `${application.sync} at ${at}, ${application.health}`,
    ...(deployment === null
      ? ['no Deployment']
      : [`${deployment.updated} updated and ${deployment.available} available of ${deployment.replicas}`]),
    ...(ending === 0 ? [] : [`${ending} terminating`]),
  ].join(', ');
}

/** Where a rollout stands that did not complete in time. */
export function stuck(state: RolloutState, { commit }: Expected): string {
  if (state.application === null) {
    return 'Argo CD has no Application for it. Check that argocd/ has one and that the root Application syncs that folder.';
  }
  const hindrance = state.deployment?.hindrance;
  const conditions = state.application.conditions.map(({ type, message }) => `Argo CD reports ${type}: ${message}`);
  return [
    `Commit ${commit.slice(0, 7)} is not rolled out yet: ${progress(state)}.`,
    ...(hindrance === undefined ? [] : [`${hindrance}.`]),
    ...conditions,
  ].join(' ');
}
