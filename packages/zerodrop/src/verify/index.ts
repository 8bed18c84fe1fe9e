export { type Expected, longestMs, readExpected, tagOf } from './expected.ts';
export type { Ending, History } from './follow.ts';
export { type Fetching, findCommit, lineage, treeAt } from './expected.ts';
export { type Attempt, longestTogetherMs, type Verification, type Verified, verifyOn } from './verify.ts';
export { mostRate, startTraffic, type Traffic } from './traffic.ts';
export { predicateType, type Receipt, receiptWords } from './receipt.ts';
export { writeReceipt } from './report.ts';
