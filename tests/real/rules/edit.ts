import { type Container, containersOf, type Files, type Manifest, mapObjects } from './manifest.ts';

/** Changes the objects of one kind. */
export function edit(kind: string, change: (object: Manifest) => void): (files: Files) => Files {
  return (files) =>
    mapObjects(files, (object) => {
      if (object.kind === kind) change(object);
      return object;
    });
}

/** Changes fields of the spec of one kind. */
export function spec(kind: string, fields: object): (files: Files) => Files {
  return edit(kind, (object) => {
    object.spec = { ...object.spec, ...fields };
  });
}

/** Changes fields of each container. */
export function container(fields: Partial<Container>): (files: Files) => Files {
  return edit('Deployment', (object) => {
    for (const one of containersOf(object)) Object.assign(one, fields);
  });
}

/** Sets the image of each container. */
export function image(name: string): (files: Files) => Files {
  return container({ image: name });
}

/** Makes several changes, one after the other. */
export function all(...changes: readonly ((files: Files) => Files)[]): (files: Files) => Files {
  return (files) => changes.reduce((changed, change) => change(changed), files);
}
