import { type Application, isApplication, isProject, readApplication, readProject } from './application.ts';
import { fetchCommit, makeCheckout, readDocuments, readManifests, tipOf } from './committed.ts';
import type { Listener, AgentContext } from './compare.ts';
import { type Follower, makeFollower, oneAtATime } from './follower.ts';

/** The branch that the root application follows. */
const rootBranch = 'main';

/** A real Argo CD looks every few minutes, or when a webhook tells it to. */
const lookEveryMs = 500;

export interface AgentOptions extends AgentContext {
  /** Path or URL of the repository with the root folder. */
  readonly remote: string;
  /** The folder of the Applications. */
  readonly applications: string;
}

/** Argo CD's part: keeps the cluster as the Applications in the remote's root folder want it. */
export interface Agent {
  /** Looks at the remote now. */
  refresh(): void;
  /** Compares the cluster with what is already known of the remote: something in it has changed. */
  compare(): void;
}

/** Starts to follow a remote. The signal of the context ends it. */
export async function startAgent(options: AgentOptions, listener: Listener): Promise<Agent> {
  const { checkoutDirectory, remote, signal, validate } = options;
  await makeCheckout(checkoutDirectory);
  const followers = new Map<string, Follower>();
  let seen: string | null = null;

  const readRoot = async (tip: string): Promise<void> => {
    const commit = await fetchCommit(checkoutDirectory, remote, rootBranch, 'root');
    const documents = await readDocuments(checkoutDirectory, commit, options.applications);
    const { manifests, refusals } = await readManifests(documents, 'argocd', validate);
    if (refusals.length > 0) throw new Error(refusals.join(' '));
    const projects = new Map(
      manifests.filter(isProject).map((manifest) => [manifest.metadata.name, readProject(manifest)]),
    );
    const applications = manifests.filter(isApplication).map(readApplication);
    // What an Application brought stays when it goes, as it does without Argo CD's finalizer.
    const names = new Set(applications.map(({ name }) => name));
    for (const name of [...followers.keys()].filter((known) => !names.has(known))) followers.delete(name);
    for (const application of applications) followerOf(application).ask(application, projects.get(application.project));
    seen = tip;
  };

  const followerOf = ({ name }: Application): Follower => {
    const follower = followers.get(name) ?? makeFollower(options, listener);
    followers.set(name, follower);
    return follower;
  };

  const compare = (): void => {
    for (const follower of followers.values()) void follower.look().catch(failed);
  };

  const failed = (error: unknown): void => {
    if (!signal.aborted) listener.failed(error instanceof Error ? error.message : String(error));
  };

  const refresh = oneAtATime(async () => {
    try {
      const tip = await tipOf(remote, rootBranch);
      if (tip !== null && tip !== seen) await readRoot(tip);
    } catch (error) {
      failed(error);
    }
    compare();
  });

  const poll = async (): Promise<void> => {
    await refresh();
    if (!signal.aborted) setTimeout(() => void poll(), lookEveryMs);
  };
  void poll();
  return { refresh: () => void refresh(), compare };
}
