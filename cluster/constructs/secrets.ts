import { SecretManagerSecret } from '@cdktf/provider-google/lib/secret-manager-secret/index.js';
import type { TerraformStack } from 'cdktf';
import type { Google } from '../../settings/google/resolve.ts';
import { secretIds } from '../argocd/secrets.ts';
import { create } from '../create.ts';
import type { EnabledApis } from './apis.ts';

/**
 * Empty secrets for what Argo CD needs. A person adds the value, and `npx tsx cluster/copy-secrets.ts` takes it to the
 * cluster: a value that Terraform has seen would stand in its state.
 */
export function secrets(stack: TerraformStack, google: Google, enabled: EnabledApis): SecretManagerSecret[] {
  return secretIds(google).map((secretId) =>
    create(SecretManagerSecret, stack, `secret_${secretId.slice(google.name.length + 1)}`, {
      project: google.project,
      secretId,
      replication: { auto: {} },
      dependsOn: [enabled.secrets],
    }),
  );
}
