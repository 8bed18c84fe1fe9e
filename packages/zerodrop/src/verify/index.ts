export { type Expected, longestMs, readExpected, tagOf } from './expected.ts';
export type { Ending, History } from './follow.ts';
export { type Fetching, findCommit, lineage, treeAt } from './expected.ts';
export { type Attempt, longestTogetherMs, type Verification, type Verified, verifyOn } from './verify.ts';
