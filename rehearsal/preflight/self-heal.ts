import { setTimeout as pause } from 'node:timers/promises';
import { applicationsPath, type Cluster, deploymentsPath, read, type Watch } from 'zerodrop/rollout';
import { argoNamespace } from '../context/argo/paths.ts';
import { merge } from '../context/objects.ts';
import { applicationsSince, unrest } from './steadiness.ts';

const healsWithinMs = 30_000;
const calmsWithinMs = 30_000;
const watchedMs = 15_000;
const lookEveryMs = 3_000;

/** A Deployment that Argo CD keeps as git has it. */
export interface Kept {
  readonly namespace: string;
  readonly service: string;
  readonly application: string;
}

/**
 * Changes a field of the Deployment by hand, waits until Argo CD has it back as git says, and then makes Argo CD compare again
 * and again. Returns what is wrong: it does not heal, or never comes to rest.
 */
export async function selfHealProblems(
  cluster: Cluster,
  { namespace, service, application }: Kept,
  watch: Watch,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const deployment = `${deploymentsPath(namespace)}/${service}`;
  const committed = await historyLimit(cluster, deployment);
  // No pod depends on this field, so that nothing rolls.
  await merge(cluster, deployment, { spec: { revisionHistoryLimit: committed + 1 } });
  if (!(await becomes(async () => (await historyLimit(cluster, deployment)) === committed, healsWithinMs, signal))) {
    return [`Argo CD has not healed a change by hand within ${healsWithinMs / 1_000} s.`];
  }
  const calm = await watch.until(
    ({ application: seen }) => (seen?.sync === 'Synced' && seen.phase !== 'Running' && !seen.pending ? true : null),
    calmsWithinMs,
  );
  if (calm === null) return ['Argo CD healed a change by hand, and still sees a difference.'];
  const since = Date.now();
  while (Date.now() < since + watchedMs) {
    // `hard` renders anew, past every cache.
    const annotations = { 'argocd.argoproj.io/refresh': 'hard' };
    await merge(cluster, `${applicationsPath(argoNamespace)}/${application}`, { metadata: { annotations } });
    await pause(lookEveryMs, undefined, { signal });
  }
  return unrest(applicationsSince(watch.observed, since));
}

async function historyLimit(cluster: Cluster, path: string): Promise<number> {
  const { spec } = await read<{ spec: { revisionHistoryLimit?: number } }>(cluster, path);
  return spec.revisionHistoryLimit ?? 10;
}

async function becomes(ask: () => Promise<boolean>, withinMs: number, signal: AbortSignal): Promise<boolean> {
  const giveUpAt = Date.now() + withinMs;
  while (Date.now() < giveUpAt) {
    if (await ask()) return true;
    await pause(200, undefined, { signal });
  }
  return false;
}
