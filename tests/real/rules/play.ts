import type { Files } from './manifest.ts';

/** What happens after the change of the example, in this order. Each is a commit, or what a cluster or a person does. */
export type Act =
  /** A release of version 1.1.0. */
  | 'release'
  /** The commit before the example's change is put back. */
  | 'revert'
  /** The node of the pods is drained: every pod is evicted, and asked again every second where that is refused. */
  | 'drain'
  /** One pod is evicted. */
  | 'evict one'
  /** What an autoscaler does under load: 12 pods. */
  | 'scale up'
  /** Somebody sets version 1.1.0 by hand. */
  | 'set by hand'
  /** The tag of the image is moved to another version, and one pod ends. */
  | 'move tag'
  /** The folder's files go. */
  | 'empty folder'
  /** The file of the namespace goes. */
  | 'drop namespace'
  /** The file of the Application is lost. */
  | 'delete application'
  /** The Deployment gets another name. */
  | 'rename'
  /** A commit that the API server refuses. */
  | 'fail'
  /** A release of version 1.1.0 without what was refused. */
  | 'mend';

/** What can become of a change. */
export type Effect =
  /** Requests fail. */
  | 'lost'
  /** The API server or Argo CD refuses something, or complains of it. */
  | 'refused'
  /** A rollout, or the drain of a node, does not come to its end. */
  | 'stuck'
  /** Objects are deleted. */
  | 'gone'
  /** Objects are deleted and made again. */
  | 'remade'
  /** Another version than the one that should answers at the end. */
  | 'version'
  /** The last commit is not synced. */
  | 'waits'
  /** Fewer pods are available than the manifest wants. */
  | 'fewer';

/** How late the load balancer of the embedded cluster is: as kube-proxy at worst of the changes that were measured. */
export const embeddedLagMs = 4_000;

/** How the example of a rule's page is played. */
export interface Play {
  readonly rule: string;
  /** Where one rule is played in several ways: what this one changes. */
  readonly as?: string;
  readonly by: 'server-side apply' | 'Argo CD' | 'the embedded cluster';
  /** What has to become of the bad example, and of the good one not. */
  readonly expect: Effect;
  readonly acts?: readonly Act[];
  /** What happens before the load and the change. */
  readonly prepare?: readonly Act[];
  /** In place of the bad example: what it does to the state before. */
  readonly bad?: (before: Files) => Files;
  /** In place of the good example. */
  readonly good?: (before: Files) => Files;
  /** What is on the branch `next`. */
  readonly next?: (before: Files) => Files;
  /** What all three examples get in addition. */
  readonly all?: (files: Files) => Files;
  /** Variables of the pods (pod.cjs). Without DRAIN_MS they drain for 10 s. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Pods do not drain by themselves. */
  readonly endsAtOnce?: true;
  /** The version 1.1.0 never gets ready. */
  readonly badRelease?: true;
  /** Requests a second, half of them over kept connections. 50 where it is not said. */
  readonly rate?: number;
  /** What pods answer at the end where all is well: v1, or v2 after a release, where it is not said. */
  readonly ends?: string;
  /** How long the change and each act may take, in seconds. 40 where it is not said. */
  readonly limitSeconds?: number;
  /** How long requests are sent at least after the last act, in seconds. 4 where it is not said. */
  readonly tailSeconds?: number;
}
