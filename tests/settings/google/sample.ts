import { z } from 'zod';
import { google as schema } from '../../../settings/google/resolve.ts';
import { sentencesOf } from '../../../settings/sentences.ts';

/** The least that an owner has to say. */
export const google = { project: 'example-project', region: 'asia-southeast2' };

/** What is wrong with Google settings. */
export function sentences(given: unknown): readonly string[] {
  const { error } = z.object({ google: schema }).safeParse({ google: given });
  return error === undefined ? [] : sentencesOf(error, { google: given });
}

/** What is wrong with the sample once it is changed like this. */
export function problems(change: object): readonly string[] {
  return sentences({ ...google, ...change });
}
