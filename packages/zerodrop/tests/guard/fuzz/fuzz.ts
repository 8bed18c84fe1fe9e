import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import { judge, type Profile } from '../../../src/guard/index.ts';
import { yamlOptions } from '../../../src/guard/read/location.ts';
import { readPlain } from '../../../src/guard/read/plain.ts';
import { split } from '../../../src/guard/read/split.ts';
import { formats, isFormat } from '../../../src/guard/report/formats.ts';
import { reviewOf } from '../../../src/guard/review.ts';
import { deployment, service } from '../manifests.ts';
import { Chance } from '../random.ts';
import { anyText } from './inputs.ts';

const path = 'manifests/production/web.yaml';
const usual = `${service}---\n${deployment}`;

/** What is wrong with the guard's reading of one random input; null where nothing is. */
export function flawFor(seed: number): string | null {
  const chance = new Chance(seed);
  const [one, other] = [anyText(chance), chance.next() < 0.5 ? usual : anyText(chance)];
  try {
    return differsFromLibrary(one) ?? judged(one, other, chance);
  } catch (error) {
    return `throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

/** Judges both directions, and writes every format of what is found. */
function judged(one: string, other: string, chance: Chance): string | null {
  const profile: Profile = chance.next() < 0.5 ? 'lossless' : 'any';
  for (const [before, after] of [
    [one, other],
    [other, one],
  ] as const) {
    const files = new Map([[path, after]]);
    const old = new Map([[path, before]]);
    const judgement = judge(old, files, { profile });
    const { findings } = judgement;
    const broken = findings.filter(({ rule }) => rule === 'yaml-broken');
    if (broken.length > 0 && findings.length > broken.length)
      return `has findings about objects of a file that can not be read: ${findings.map(({ rule, what }) => `${rule} ${what}`).join('; ')}`;
    if (broken.length > 1) return 'has two findings about one file that can not be read';
    if (findings.some(({ line, sentence }) => line < 1 || sentence.includes('undefined')))
      return `says ${JSON.stringify(findings)}`;
    const review = reviewOf(judgement, []);
    for (const name of Object.keys(formats))
      if (isFormat(name)) formats[name](review, { files, before: old, isColoured: true });
  }
  return null;
}

/** The fast reader must read what the library reads, or leave it to it. */
function differsFromLibrary(text: string): string | null {
  for (const piece of split(text).pieces) {
    const plain = readPlain(piece.text);
    if (plain === undefined) continue;
    const document = parseDocument(piece.text, yamlOptions);
    if (document.errors.length > 0) return `reads what is an error: ${document.errors[0]?.message ?? ''}`;
    const value: unknown = document.toJS();
    if (!isDeepStrictEqual(plain.value, value ?? null))
      return `reads ${JSON.stringify(plain.value)} and not ${JSON.stringify(value)}`;
  }
  return null;
}
