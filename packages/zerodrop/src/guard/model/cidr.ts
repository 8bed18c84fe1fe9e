import { BlockList, isIP } from 'node:net';

/** True where a range of addresses, such as `10.0.0.0/8`, holds all of another one. False for what is no range. */
export function contains(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  const [outer, inner] = [parse(wide), parse(narrow)];
  if (outer === null || inner === null || outer.family !== inner.family || outer.bits > inner.bits) return false;
  const list = new BlockList();
  list.addSubnet(outer.address, outer.bits, outer.family);
  return list.check(inner.address, inner.family);
}

function parse(
  range: string,
): { readonly address: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6' } | null {
  const [address = '', length] = range.split('/');
  const version = isIP(address);
  if (version === 0) return null;
  const most = version === 4 ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > most) return null;
  return { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}
