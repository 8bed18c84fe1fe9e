import type { GoogleSettings } from './google.ts';
import type { Settings } from './settings.ts';

/** The project in the settings that the repository comes with. */
export const exampleProject = 'example-project';

/** Whether a repository is of the owner that the repository comes with. */
export function isExampleRepository(repository: string): boolean {
  return /[/:]example\/[^/]+\/?$/.test(repository);
}

/** A setting that says who the owner is. */
interface Identity {
  readonly path: string;
  readonly value: string;
  readonly isExample: boolean;
  /** What comes of it when the example's value stays, and how to find the own one. */
  readonly advice: string;
}

/**
 * A sentence for each setting that is still the example's while others are the owner's. Terraform and Argo CD would then work for
 * somebody else: the example's names and numbers belong to strangers. Nothing where all are the example's, or none is.
 */
export function leftFromExample(settings: Settings): string[] {
  const all = identities(settings);
  const own = all.find(({ isExample }) => !isExample);
  if (own === undefined) return [];
  return all
    .filter(({ isExample }) => isExample)
    .map(
      ({ path, value, advice }) =>
        `${path} is still '${value}', the example's, but ${own.path} is yours ('${own.value}'). ${advice}`,
    );
}

function identities({ repository, services, clusters }: Settings): readonly Identity[] {
  return [
    {
      path: 'repository',
      value: repository,
      isExample: isExampleRepository(repository),
      advice: 'Argo CD would follow the repository of somebody else. Write the address of yours.',
    },
    ...services.map(({ name, image }) => {
      const [, owner = ''] = image.split('/');
      return {
        path: `services.${name}.image`,
        value: image,
        isExample: owner === 'example' || owner === exampleProject,
        advice: 'You cannot push images there. Write an image repository of yours.',
      };
    }),
    ...clusters.flatMap(({ name, google }) => googleIdentities(`clusters.${name}.google`, google)),
  ];
}

function googleIdentities(path: string, { project, github }: GoogleSettings): readonly Identity[] {
  const numbers = `The workflows of that repository would get your rights. Ask GitHub for your numbers: gh api repos/OWNER/NAME --jq '.owner.id, .id'. Or leave ${path}.github out.`;
  const own = {
    path: `${path}.project`,
    value: project,
    isExample: project === exampleProject,
    advice:
      'Terraform would keep its state in the bucket of somebody else. Write the id of your project (gcloud projects list), or the id that you are going to create.',
  };
  if (github === undefined) return [own];
  const { ownerId, repositoryId } = github;
  return [
    own,
    { path: `${path}.github.ownerId`, value: ownerId, isExample: ownerId === '1', advice: numbers },
    { path: `${path}.github.repositoryId`, value: repositoryId, isExample: repositoryId === '2', advice: numbers },
  ];
}
