import type { GoogleProviderConfig } from '@cdktf/provider-google/lib/provider/index.js';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js';
import type { App } from 'cdktf';
import { GcsBackend, TerraformStack } from 'cdktf';
import type { Google } from '../../settings/google/resolve.ts';
import { create } from '../create.ts';
import { terraformVersion } from '../versions.ts';

/** The three stacks, in the order in which they are applied. */
export const stackNames = ['bootstrap', 'platform', 'argocd'] as const;

export type StackName = (typeof stackNames)[number];

/** A stack with a state of its own in the one bucket, and the Google provider. */
export function openStack(
  app: App,
  name: StackName,
  google: Google,
  provider: GoogleProviderConfig = {},
): TerraformStack {
  const stack = new TerraformStack(app, name);
  stack.addOverride('terraform.required_version', terraformVersion);
  // One prefix each: a mistake in one apply can't reach what another stack owns.
  new GcsBackend(stack, { bucket: google.stateBucket, prefix: name });
  create(GoogleProvider, stack, 'google', { project: google.project, region: google.region, ...provider });
  return stack;
}
