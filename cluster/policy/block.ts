import type { Block } from '../terraform-json.ts';
import { at } from '../terraform-json.ts';

/** Where a block is, for a sentence. */
export function where({ stack, address }: Block): string {
  return `${stack}: ${address}`;
}

/** A sentence for each field that Terraform has to overlook and would not. */
export function ignores(block: Block, fields: readonly string[], because: string): string[] {
  const ignored = at(block.values, 'lifecycle.ignore_changes');
  return fields
    .filter((field) => !(Array.isArray(ignored) && ignored.includes(field)))
    .map((field) => `${where(block)}: lifecycle.ignore_changes lacks ${field}, so ${because}. Add it.`);
}
