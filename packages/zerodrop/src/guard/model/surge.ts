import type { Folder } from './folder.ts';
import { podCount } from './scaling.ts';
import type { Workload } from './workload.ts';

/** How many pods a rollout makes beside those that run; 0 for kinds and strategies that replace pods in their place. */
export function surgePods(workload: Workload, folder: Folder): number {
  const deployment = workload.object.as('apps/Deployment');
  if (deployment === null || deployment.at('spec', 'strategy', 'type').value === 'Recreate') return 0;
  const { value } = deployment.at('spec', 'strategy', 'rollingUpdate', 'maxSurge');
  if (typeof value === 'number') return value;
  const share = Number.parseFloat(typeof value === 'string' ? value : '25');
  return Number.isNaN(share) ? 0 : Math.ceil((share * podCount(folder, workload).least) / 100);
}
