export { OperationError, UsageError } from '../errors.ts';
export { guardCommand } from './command.ts';
export { isAllowedBy } from './exceptions.ts';
export type { Finding } from './finding.ts';
export { flawsOf, type ManifestDocument, readManifests } from './read/candidates.ts';
export type { Profile, Severity } from './finding.ts';
export type { Files, Unreadable } from './read/files.ts';
export { guard, type GuardOptions, isRule, judge, type Judgement, type RuleInformation, ruleList } from './judge.ts';
