import type { Workflow } from './workflows.ts';

/** Whether one of GitHub's path filters has a path, for the two shapes that are used: a file, and everything below a folder. */
function matches(filter: string, path: string): boolean {
  return filter.endsWith('/**') ? path.startsWith(filter.slice(0, -2)) : path === filter;
}

/** Whether an event that changes these paths of main starts a workflow, by its filters. */
export function starts({ on }: Workflow, event: 'push' | 'pull_request', paths: readonly string[]): boolean {
  if (!(event in on)) return false;
  const { branches, paths: wanted, 'paths-ignore': ignored } = on[event] ?? {};
  if (branches !== undefined && !branches.includes('main')) return false;
  if (wanted !== undefined) return paths.some((path) => wanted.some((filter) => matches(filter, path)));
  return ignored === undefined || paths.some((path) => !ignored.some((filter) => matches(filter, path)));
}
