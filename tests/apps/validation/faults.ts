import { conditions } from './faults/conditions.ts';
import { contradictions } from './faults/contradictions.ts';
import { duplicates } from './faults/duplicates.ts';
import { grammar } from './faults/grammar.ts';
import { names } from './faults/names.ts';
import { numbers } from './faults/numbers.ts';
import { quantities } from './faults/quantities.ts';
import { structure } from './faults/structure.ts';

/** What can be wrong with an object, by kind of fault. */
export const faults = { duplicates, structure, numbers, quantities, names, contradictions, conditions, grammar };
