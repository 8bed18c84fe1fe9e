import { isRecord } from '../../settings/value.ts';

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

/** What an API server refuses although it fits the schema: what a rollout can trip over, not all that there is. */
export function* semanticProblems(kind: string, document: unknown): Generator<string> {
  const name = at(document, 'metadata', 'name');
  if (typeof name !== 'string') {
    yield 'metadata.name is missing';
  } else if (!/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(name)) {
    yield `metadata.name '${name}' is not a name of lower case letters, digits, hyphens and dots`;
  }
  if (kind === 'Deployment') yield* deploymentProblems(document);
}

function* deploymentProblems(document: unknown): Generator<string> {
  const selector = at(document, 'spec', 'selector', 'matchLabels');
  for (const [label, value] of Object.entries(isRecord(selector) ? selector : {})) {
    if (at(document, 'spec', 'template', 'metadata', 'labels', label) !== value) {
      yield `spec.selector selects ${label}=${String(value)}, which the pods of spec.template do not carry`;
    }
  }
  const update = at(document, 'spec', 'strategy', 'rollingUpdate');
  const none = [0, '0%'];
  if (
    none.some((zero) => zero === at(update, 'maxSurge')) &&
    none.some((zero) => zero === at(update, 'maxUnavailable'))
  ) {
    yield 'spec.strategy.rollingUpdate.maxUnavailable may not be 0 when maxSurge is 0';
  }
}
