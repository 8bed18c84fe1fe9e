import { expect, test } from 'vitest';
import { environmentsToAsk } from '../../../rehearsal/preflight/environments.ts';
import { WrongUse } from '../../../rehearsal/wrong-use.ts';
import { settings } from '../../settings/sample.ts';

test('every environment is asked about, or the one that is named', () => {
  expect(environmentsToAsk(settings, null)).toEqual(Object.keys(settings.environments));
  expect(environmentsToAsk(settings, 'production')).toEqual(['production']);
});

test('a name that is no environment is wrong use, and not a question that nobody asks', () => {
  expect(() => environmentsToAsk(settings, 'stagng')).toThrow(WrongUse);
  expect(() => environmentsToAsk(settings, 'stagng')).toThrow(/--environment is "stagng", but settings\.ts has /);
});
