import { checkGoogle } from '../../../settings/google.ts';

/** The least that an owner has to say. */
export const google = { project: 'example-project', region: 'asia-southeast2' };

/** What is wrong with the sample once it is changed like this. */
export function problems(change: object): string[] {
  return checkGoogle({ ...google, ...change });
}
