import { graceTooShort } from './grace-too-short.ts';
import { imageUnpinned } from './image-unpinned.ts';
import { maxUnavailable } from './max-unavailable.ts';
import { nameChanged } from './name-changed.ts';
import { readinessMissing } from './readiness-missing.ts';
import { replicasLost } from './replicas-lost.ts';
import type { Rule } from './rule.ts';
import { selectorChanged } from './selector-changed.ts';
import { servicePortChanged } from './service-port-changed.ts';
import { serviceTypeChanged } from './service-type-changed.ts';

/** Every rule by the name that `--allow` takes. */
export const rules = {
  'name-changed': nameChanged,
  'selector-changed': selectorChanged,
  'service-type-changed': serviceTypeChanged,
  'service-port-changed': servicePortChanged,
  'replicas-lost': replicasLost,
  'image-unpinned': imageUnpinned,
  'readiness-missing': readinessMissing,
  'max-unavailable': maxUnavailable,
  'grace-too-short': graceTooShort,
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof rules;

export function isRuleName(name: string): name is RuleName {
  return Object.hasOwn(rules, name);
}
