/** What a repository has at a path where no text can be read. */
export interface Unreadable {
  /** Why, as a sentence goes on after the path: `is a symbolic link to ../web.yaml`. */
  readonly why: string;
  /** Another one has another content; git's name for it, for example. */
  readonly object: string;
}

/** What a path holds. */
export type Content = string | Unreadable;

/** Files by their path, relative to the repository. */
export type Files = ReadonlyMap<string, Content>;

/** Whether two paths hold the same; undefined stands for a path that is not there. */
export function sameContent(one: Content | undefined, other: Content | undefined): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return one.object === other.object;
}
