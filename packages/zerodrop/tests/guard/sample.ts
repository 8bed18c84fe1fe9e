import { type Finding, type GuardOptions, judge, type Profile } from '../../src/guard/index.ts';
import { account, budget, configuration, deployment, namespace, policy, service } from './manifests.ts';

/** The folder of one environment, a document for each object. */
export const folder: readonly string[] = [namespace, account, service, deployment, configuration, budget, policy];

/** The documents of a file. */
export function file(...documents: readonly string[]): string {
  return documents.join('---\n');
}

/** What the guard says of one folder's file that changes. */
export function findings(
  before: string,
  after: string,
  options: GuardOptions = { profile: 'lossless' },
): readonly Finding[] {
  const path = 'manifests/production/web.yaml';
  return judge(files(before, path), files(after, path), options).findings;
}

function files(text: string, path: string): ReadonlyMap<string, string> {
  return new Map(text === '' ? [] : [[path, text]]);
}

/** `rule` or `rule (warn)` of each finding of a change. */
export function rulesOf(before: string, after: string, profile: Profile = 'lossless'): readonly string[] {
  return findings(before, after, { profile }).map(named);
}

function named({ rule, severity }: Finding): string {
  return severity === 'warn' ? `${rule} (warn)` : rule;
}

/** Replaces the one place where `from` stands. Throws where there is none or more, so that no test edits nothing. */
export function edited(text: string, from: string, to: string): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${JSON.stringify(from)} stands ${parts.length - 1} times in the text.`);
  return parts.join(to);
}

const base = file(...folder);

/** The rules that object when one document of the folder becomes another one, or goes (''); further documents may come. */
export function changing(document: string, to: string, ...more: readonly string[]): readonly string[] {
  const kept = folder.flatMap((one) => (one === document ? (to === '' ? [] : [to]) : [one]));
  return rulesOf(base, file(...kept, ...more));
}

/** The rules that object when documents come to the folder. */
export function adding(...more: readonly string[]): readonly string[] {
  return rulesOf(base, file(...folder, ...more));
}

/** What the guard says of a change of Argo CD's objects, with the folder as it is. */
export function argo(
  before: readonly string[],
  after: readonly string[],
  profile: Profile = 'lossless',
): readonly string[] {
  const [old, next] = [before, after].map(
    (documents) =>
      new Map([
        ['argocd/web.yaml', file(...documents)],
        ['manifests/production/web.yaml', base],
      ]),
  );
  return judge(old ?? new Map(), next ?? new Map(), { profile }).findings.map(named);
}

/** The folder's file with each document as a function returns it, and more behind them. */
export function inFolder(change: (one: string) => string, ...more: readonly string[]): string {
  return file(...folder.map(change), ...more);
}

/** Puts one document in place of another one. */
export function swap(from: string, to: string): (one: string) => string {
  return (one) => (one === from ? to : one);
}

/** An object of a kind, written as `apiVersion Kind`, in the namespace of the folder. */
export const object = (type: string, name: string, rest: string): string =>
  `apiVersion: ${type.slice(0, type.lastIndexOf(' '))}\nkind: ${type.slice(type.lastIndexOf(' ') + 1)}\nmetadata: {name: ${name}, namespace: shop}\n${rest}\n`;
/** The Deployment with a text in its pods. */
export const within = (text: string): string =>
  edited(deployment, '      serviceAccountName: web\n', `      serviceAccountName: web\n${text}`);
/** The Deployment with a text in its container. */
export const inContainer = (text: string): string =>
  edited(deployment, '          readinessProbe:\n', `${text}          readinessProbe:\n`);
/** The rules that object when a folder with the Deployment goes from some further objects to others. */
export const from = (
  pods: string,
  before: readonly string[],
  after: readonly string[],
  next = pods,
): readonly string[] =>
  rulesOf(inFolder(swap(deployment, pods), ...before), inFolder(swap(deployment, next), ...after), 'any');
/** The rules that object when the Deployment becomes another one. */
export const becomes = (pods: string, next: string): readonly string[] => from(pods, [], [], next);
