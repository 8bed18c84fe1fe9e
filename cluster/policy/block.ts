import type { Block } from '../terraform-json.ts';

/** Where a block is, for a sentence. */
export function where({ stack, address }: Block): string {
  return `${stack}: ${address}`;
}
