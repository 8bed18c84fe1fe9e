import { defineSettings } from './settings/define.ts';

/**
 * The one file that a new owner edits, beside apps/services/, which says what runs. Each value is checked: a wrong one stops every
 * command that reads it and says what is expected. docs/reference/settings.md lists them.
 */
export const settings = defineSettings({
  repository: 'https://github.com/example/zerodrop',
  services: [{ name: 'web', image: 'asia-southeast2-docker.pkg.dev/example-project/zerodrop/web' }],
  environments: [{ name: 'staging' }, { name: 'production', after: 'staging' }],
  // Whose approval a change needs: users or teams of GitHub. They become .github/CODEOWNERS, and the reviewers of an apply.
  owners: { developers: '@example/developers', platform: '@example/platform', promotions: '@example/production' },
  clusters: [
    {
      name: 'main',
      google: {
        project: 'example-project',
        region: 'asia-southeast2',
        size: 'production',
        // The repository's owner and itself, in GitHub's numbers: gh api repos/example/zerodrop --jq '.owner.id, .id'
        github: { ownerId: '1', repositoryId: '2' },
      },
    },
  ],
});
