/** What a repository has at a path where no text can be read. */
export interface Unreadable {
  /** Why, as a sentence goes on after the path: `is a symbolic link to ../web.yaml`. */
  readonly why: string;
  /** Another one has another content; git's name for it, for example. */
  readonly object: string;
}

/** Files by their path, relative to the repository. */
export type Files = ReadonlyMap<string, string | Unreadable>;
