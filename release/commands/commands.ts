import type { Report } from '../outcome.ts';
import { guardCommand } from './guard.ts';
import { promoteCommand } from './promote.ts';
import { publishCommand } from './publish.ts';
import { rollbackCommand } from './rollback.ts';
import { verifyCommand } from './verify.ts';

/** A command beside the plain release: reads its arguments, and ends early when the signal says so. */
export type Command = (args: readonly string[], signal: AbortSignal) => Promise<Report>;

/** Every one by its name, which comes first on the command line. */
export const commands = {
  publish: publishCommand,
  promote: promoteCommand,
  rollback: rollbackCommand,
  verify: verifyCommand,
  guard: guardCommand,
} as const satisfies Readonly<Record<string, Command>>;

export function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name);
}
