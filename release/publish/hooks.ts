import { isRecord } from '../../settings/sentences.ts';

/**
 * The hook that ended a git command, from git's own account of the command (GIT_TRACE2_EVENT); null for none. A hook at the other end
 * of a push is not ours: its words come as the remote's.
 */
export function failedHook(trace: string): string | null {
  const running = new Map<unknown, string>();
  let own: unknown;
  for (const line of trace.split('\n')) {
    const event = parsed(line);
    own ??= event['sid'];
    if (event['sid'] !== own) continue;
    const { event: kind, child_id: child, child_class: type, hook_name: hook, code } = event;
    // What a hook says that runs afterwards is not asked by git.
    if (kind === 'child_start' && type === 'hook' && typeof hook === 'string' && !hook.startsWith('post-')) {
      running.set(child, hook);
    }
    if (kind === 'child_exit' && code === 0) running.delete(child);
  }
  return [...running.values()].at(-1) ?? null;
}

/** What a person is told of a hook of theirs that ended a command of ours. */
export function hookWords(hook: string, command: string, said: string): string {
  const words = said.replaceAll(/^error: failed to push some refs to .*$\n?/gm, '').trim();
  return [
    `Your hook ${hook} ended git ${command}, and nothing is pushed:`,
    words === '' ? 'It said nothing.' : words,
    'It ran in a temporary worktree, which holds what is committed and no more. Fix what it complains about. To go on without hooks, once: GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=/dev/null npm run release -- ...',
  ].join('\n');
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const event: unknown = JSON.parse(line);
    return isRecord(event) ? event : {};
  } catch {
    // A line that was cut off by the end of the program.
    return {};
  }
}
