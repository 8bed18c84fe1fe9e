import { parseDocument } from 'yaml';
import type { Json, JsonObject } from '../../terraform-json.ts';
import { at, isObject, textAt } from '../../terraform-json.ts';
import type { Shape, ShapeObject } from '../shape.ts';
import { because, text, yaml } from '../shape.ts';

const onlyTheTeam = 'others than the team of the settings could change what runs';

/** Who gets in, and as what: members of one GitHub organisation, a team of it as admins; or the built-in admin alone. */
export function expectedSignOn(values: JsonObject): { readonly cm: ShapeObject; readonly rbac: Shape } {
  if (at(values, 'dex.enabled') !== true) {
    return {
      cm: { 'admin.enabled': because('true', 'nobody gets in') },
      rbac: because({ 'policy.default': '' }, onlyTheTeam),
    };
  }
  const organisation = organisationIn(values).replaceAll('.', String.raw`\.`);
  return {
    cm: {
      'admin.enabled': because('false', 'the admin’s password opens everything'),
      'dex.config': because(yaml({ connectors: [connector] }), 'others could sign in'),
    },
    rbac: because(
      {
        'policy.default': 'role:readonly',
        'policy.csv': new RegExp(`^g, ${organisation}:[\\w.-]+, role:admin\\n$`),
        scopes: '[groups]',
      },
      onlyTheTeam,
    ),
  };
}

const connector = {
  type: 'github',
  id: 'github',
  name: 'GitHub',
  config: {
    clientID: text,
    clientSecret: '$argocd-single-sign-on:clientSecret',
    // Without it anyone with a GitHub account may sign in.
    orgs: [{ name: text }],
    teamNameField: 'slug',
  },
};

function organisationIn(values: JsonObject): string {
  const cm = at(values, 'configs.cm');
  const config = isObject(cm) ? cm['dex.config'] : undefined;
  const dex: Json = parseDocument(typeof config === 'string' ? config : '', { version: '1.1' }).toJS();
  return textAt(dex, 'connectors.config.orgs.name');
}
