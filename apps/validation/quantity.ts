import { says } from '../../settings/value.ts';

const powers: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const pattern = /^(?<number>[+-]?(?:\d+\.?\d*|\.\d+))(?:(?<suffix>[numkMGTPE]|[KMGTPE]i)|[eE](?<exponent>[+-]?\d+))?$/;

/** An amount as Kubernetes writes it: `500m`, `256Mi`, `1e3`. */
export interface Quantity {
  readonly value: number;
  /** Such as `Mi`; empty for a plain number. */
  readonly suffix: string;
}

/** Reads an amount; null where it is none (apimachinery/pkg/api/resource/quantity.go). */
export function readQuantity(given: unknown): Quantity | null {
  if (typeof given !== 'string' && typeof given !== 'number') return null;
  const { number, suffix = '', exponent = '0' } = pattern.exec(String(given))?.groups ?? {};
  const power = powers[suffix];
  if (number === undefined || power === undefined) return null;
  return { value: Number(number) * power * 10 ** Number(exponent), suffix };
}

/** What is wrong with any amount, as the rest of a sentence; null for a right one. */
export function quantityFault(given: unknown): string | null {
  if (readQuantity(given) !== null) return null;
  return `${says(given)}. Expected a quantity: a number, and a suffix such as m, k, M, G, Ki, Mi or Gi, in just these letters`;
}

// Nobody means so little and writes it in bytes or thousands: runc does not even start a container in less than 6 MB.
const leastMemory = 4 * 2 ** 20;
// More than any node has; who means it writes it in millicores, or with its suffix.
const mostPlainCores = 50;
const mostCores = 1_000;
const mostBytes = 64 * 2 ** 40;

/** What is wrong with the amount of a resource, as the rest of a sentence; null for a right one, and for what is no amount. */
export function amountFault(resource: string, given: unknown): string | null {
  const quantity = readQuantity(given);
  if (quantity === null) return null;
  const { value, suffix } = quantity;
  const named = resource.replace(/^(?:requests|limits)\./, '');
  if (value < 0) return `${says(given)}, but an amount can't be negative. Set it to 0 or more`;
  if (named === 'cpu') return cpuFault(given, quantity);
  if (/^(?:memory|storage|ephemeral-storage|hugepages-.+)$/.test(named)) return bytesFault(named, given, quantity);
  if (!Number.isInteger(value) || suffix === 'm')
    return `${says(given)}, but ${named} is counted. Set it to a whole number`;
  return null;
}

function cpuFault(given: unknown, { value, suffix }: Quantity): string | null {
  if (Math.abs(value * 1_000 - Math.round(value * 1_000)) > 1e-6) {
    return `${says(given)}, but a CPU is shared out in thousandths. Set it to a multiple of 1m`;
  }
  if (value > mostCores || (suffix === '' && value >= mostPlainCores)) {
    return `${says(given)}, which is ${value} whole CPUs. Write ${value}m for thousandths of one; ${value * 1_000}m if you mean whole ones`;
  }
  return null;
}

function bytesFault(resource: string, given: unknown, { value, suffix }: Quantity): string | null {
  const digits = String(given).replace(/[A-Za-z].*$/, '');
  if (['n', 'u', 'm'].includes(suffix)) {
    return `${says(given)}, which is ${value} bytes: ${suffix} is a fraction. Write ${digits}Mi for mebibytes`;
  }
  if (value > 0 && value < leastMemory && ['', 'k', 'Ki'].includes(suffix)) {
    return `${says(given)}, which is only ${value} bytes of ${resource}. Write ${digits}Mi for mebibytes`;
  }
  if (!Number.isInteger(value)) return `${says(given)}, which is a part of a byte. Set it to whole bytes`;
  if (value > mostBytes)
    return `${says(given)}, which is ${value} bytes of ${resource}, more than a node has. Use Mi or Gi`;
  return null;
}
