import { field } from '../field.ts';
import type { Cluster } from './cluster.ts';

const argoCdApi = process.env['ARGOCD_API'] ?? 'http://127.0.0.1:8090';

/** The versions of what is played on. */
export async function versionsOf(cluster: Cluster): Promise<{ readonly kubernetes: string; readonly argoCd: string }> {
  const { body } = await cluster.ask('GET', '/version');
  const answer = await fetch(`${argoCdApi}/api/version`, { signal: AbortSignal.timeout(10_000) });
  const argoCd = String(field(await answer.json(), 'Version'));
  return { kubernetes: String(field(body, 'gitVersion')).replace(/\+.*/, ''), argoCd: argoCd.replace(/\+.*/, '') };
}
