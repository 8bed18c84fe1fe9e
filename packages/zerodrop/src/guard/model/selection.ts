import { isRecord } from './value.ts';

/** The labels of an object or of the pods that it starts. */
export type Labels = Readonly<Record<string, unknown>>;

/** True where a label selector, as NetworkPolicies and budgets have it, selects pods with these labels. An empty one selects all. */
export function selects(selector: unknown, labels: Labels): boolean {
  if (!isRecord(selector)) return false;
  const { matchLabels, matchExpressions } = selector;
  const expressions: readonly unknown[] = Array.isArray(matchExpressions) ? matchExpressions : [];
  return hasLabels(isRecord(matchLabels) ? matchLabels : {}, labels) && expressions.every((one) => holds(one, labels));
}

/** True where pods with these labels have each of the wanted ones, as a Service's selector has it. */
export function hasLabels(wanted: Labels, labels: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/** True for a selector that selects every pod of its namespace. */
export function selectsAll(selector: unknown): boolean {
  if (!isRecord(selector)) return false;
  const { matchLabels, matchExpressions } = selector;
  const isEmpty = !isRecord(matchLabels) || Object.keys(matchLabels).length === 0;
  return isEmpty && (!Array.isArray(matchExpressions) || matchExpressions.length === 0);
}

function holds(expression: unknown, labels: Labels): boolean {
  if (!isRecord(expression)) return false;
  const { key, operator, values } = expression;
  const value = typeof key === 'string' && Object.hasOwn(labels, key) ? labels[key] : undefined;
  const among = Array.isArray(values) && values.includes(value);
  switch (operator) {
    case 'In':
      return among;
    case 'NotIn':
      return !among;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** How sentences show a selector or labels, such as `app=web,tier=front`. */
export function shown(selector: unknown): string {
  if (!isRecord(selector)) return 'none';
  if (Array.isArray(selector['matchExpressions'])) return JSON.stringify(selector);
  const labels = isRecord(selector['matchLabels']) ? selector['matchLabels'] : selector;
  const pairs = Object.entries(labels).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return pairs.length === 0 ? 'nothing' : pairs.join(',');
}
