import type { Refusal } from './guard.ts';
import type { RuleName } from './rules.ts';

/** Rules that one commit may break, and the reason that its message keeps. */
export interface Allowance {
  readonly rules: readonly RuleName[];
  readonly because: string;
}

/** Refusals, parted into those that an allowance covers and those that stand. */
export interface Parted {
  readonly allowed: readonly Refusal[];
  readonly standing: readonly Refusal[];
  /** The part of the allowance that was needed; null where none was. */
  readonly used: Allowance | null;
}

/** Parts refusals by what is allowed. A rule that nothing breaks leaves no trace: the history tells what was at stake. */
export function allow(refusals: readonly Refusal[], allowance: Allowance | null): Parted {
  const covered = ({ rule }: Refusal): boolean => allowance?.rules.includes(rule) ?? false;
  const allowed = refusals.filter(covered);
  const rules = [...new Set(allowed.map(({ rule }) => rule))];
  return {
    allowed,
    standing: refusals.filter((refusal) => !covered(refusal)),
    used: allowance === null || rules.length === 0 ? null : { rules, because: allowance.because },
  };
}
