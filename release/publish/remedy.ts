/** What to do about a push that the remote refused, from its own words. */
export function remedy(said: string): string {
  // GitHub's codes: GH006 is a protected branch, GH013 a ruleset.
  if (/GH006|GH013|protected branch|ruleset|rule violations/i.test(said)) {
    return 'The branch is protected: put whoever pushes here (in CI the release App) on the bypass list of its ruleset, as docs/how-to/set-up-the-pipeline.md says, or open a pull request.';
  }
  if (/hook declined/.test(said)) {
    return 'A hook of the remote declined it: its words above say why, and who keeps the remote can change it.';
  }
  return 'Fix what it complains about, and run this again.';
}
