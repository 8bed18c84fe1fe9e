import { defineSettings } from './settings/define.ts';

/** The one file that a new owner edits. Each value is checked: a wrong one stops every command that reads it and says what is expected. */
export const settings = defineSettings({
  service: 'web',
  repository: 'https://github.com/example/zerodrop',
  image: 'asia-southeast2-docker.pkg.dev/example-project/zerodrop/web',
  environments: {
    staging: { namespace: 'web-staging', replicas: 3, exposure: 'load-balancer' },
    production: { namespace: 'web-production', replicas: 3, exposure: 'load-balancer' },
  },
  google: {
    project: 'example-project',
    region: 'asia-southeast2',
    size: 'production',
    // The repository's owner and itself, in GitHub's numbers: gh api repos/example/zerodrop --jq '.owner.id, .id'
    github: { ownerId: '1', repositoryId: '2' },
  },
});
