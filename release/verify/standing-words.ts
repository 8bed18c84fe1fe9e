import type { Standing } from '../../rollout/standing.ts';
import type { Expected } from './expected.ts';

/** Where a rollout stands, in the words of a line of progress. */
export function progress({ application, deployment, pods }: Standing): string {
  if (application === null) return 'the Application is not there';
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

/** Where a rollout stands that did not get further in time. */
export function stuck(standing: Standing, { commit }: Expected): string {
  if (standing.application === null) {
    return 'Its Application was not to be seen. Is it in argocd/, and does the root application follow that folder?';
  }
  const conditions = standing.application.conditions.map(({ type, message }) => ` Argo CD says ${type}: ${message}`);
  return `Commit ${commit.slice(0, 7)} is still not rolled out: ${progress(standing)}.${conditions.join('')}`;
}
