import type { ShapeObject } from '../shape.ts';
import type { Owner } from './owner.ts';

/** What every stack begins with: where its state is, and which providers run with which version. */
export function terraformBlock(owner: Owner, prefix: string, providers: ShapeObject = {}): ShapeObject {
  return {
    backend: { gcs: { bucket: owner.stateBucket, prefix } },
    // The bindings know one version of each provider; another source would be another program.
    required_providers: { google: { version: '6.50.0', source: 'google' }, ...providers },
    required_version: '>= 1.11.0',
  };
}
