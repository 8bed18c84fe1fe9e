import type { Settings } from './settings.ts';

/** The project in the settings that the repository comes with. */
export const exampleProject = 'example-project';

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

function identities({ repository, image, google }: Settings): readonly Identity[] {
  const [, imageOwner = ''] = image.split('/');
  const numbers =
    "Workflows of that stranger would get the rights that are yours. Ask GitHub: gh api repos/OWNER/NAME --jq '.owner.id, .id'. Or leave google.github out.";
  const { github } = google;
  return [
    {
      path: 'repository',
      value: repository,
      isExample: /[/:]example\/[^/]+\/?$/.test(repository),
      advice: 'Argo CD would follow the repository of a stranger. Write the address of your own.',
    },
    {
      path: 'image',
      value: image,
      isExample: imageOwner === 'example' || imageOwner === exampleProject,
      advice: 'You can push no image there. Write an image repository of your own.',
    },
    {
      path: 'google.project',
      value: google.project,
      isExample: google.project === exampleProject,
      advice:
        'Terraform would keep its state in the bucket of a stranger. Write the id of your project: gcloud projects list. Without one, write the id that you mean to create.',
    },
    ...(github === undefined
      ? []
      : [
          { path: 'google.github.ownerId', value: github.ownerId, isExample: github.ownerId === '1', advice: numbers },
          {
            path: 'google.github.repositoryId',
            value: github.repositoryId,
            isExample: github.repositoryId === '2',
            advice: numbers,
          },
        ]),
  ];
}
