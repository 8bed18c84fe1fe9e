import { ProjectService } from '@cdktf/provider-google/lib/project-service/index.js';
import type { TerraformStack } from 'cdktf';
import type { Google } from '../../settings/google/resolve.ts';
import { create } from '../create.ts';

/** Turns one of Google's services on, and leaves it on: others in the project may use it too. */
export function enable(stack: TerraformStack, google: Google, name: string): ProjectService {
  return create(ProjectService, stack, `api_${name}`, {
    project: google.project,
    service: `${name}.googleapis.com`,
    disableOnDestroy: false,
  });
}

/** The services that others here wait for. */
export interface EnabledApis {
  readonly iam: ProjectService;
  readonly projects: ProjectService;
  readonly secrets: ProjectService;
}

/** The services of Google that every cluster uses. */
export function apis(stack: TerraformStack, google: Google): EnabledApis {
  for (const name of ['artifactregistry', 'compute', 'container', 'logging', 'monitoring', 'serviceusage', 'storage']) {
    enable(stack, google, name);
  }
  // Scans images as they are pushed; reports what runs badly configured.
  enable(stack, google, 'containerscanning');
  enable(stack, google, 'containersecurity');
  // Answers names in the cluster.
  enable(stack, google, 'dns');
  // Trades GitHub's tokens for Google's, and those for a service account's.
  enable(stack, google, 'sts');
  enable(stack, google, 'iamcredentials');
  return {
    iam: enable(stack, google, 'iam'),
    projects: enable(stack, google, 'cloudresourcemanager'),
    secrets: enable(stack, google, 'secretmanager'),
  };
}
