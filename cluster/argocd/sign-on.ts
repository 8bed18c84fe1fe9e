import { stringify } from 'yaml';
import type { Google } from '../../settings/google/resolve.ts';
import type { JsonObject } from '../terraform-json.ts';
import { secretNames } from './secrets.ts';

/** Who may do what: with single sign-on, people by their GitHub team and no built-in admin; without, the admin alone. */
export function signOn(google: Google): { readonly cm: JsonObject; readonly rbac: JsonObject } {
  const { singleSignOn } = google.argocd;
  if (singleSignOn === null) return { cm: { 'admin.enabled': 'true' }, rbac: { 'policy.default': '' } };
  const { organisation, adminTeam, clientId } = singleSignOn;
  const connector = {
    type: 'github',
    id: 'github',
    name: 'GitHub',
    config: {
      clientID: clientId,
      clientSecret: `$${secretNames.singleSignOn}:clientSecret`,
      // Without it anyone with a GitHub account may sign in.
      orgs: [{ name: organisation }],
      teamNameField: 'slug',
    },
  };
  return {
    cm: { 'admin.enabled': 'false', 'dex.config': stringify({ connectors: [connector] }, { version: '1.1' }) },
    rbac: {
      'policy.default': 'role:readonly',
      'policy.csv': `g, ${organisation}:${adminTeam}, role:admin\n`,
      scopes: '[groups]',
    },
  };
}
