import { expect, test } from 'vitest';
import { assertSettings } from '../../settings/define.ts';
import { activeFreeze, freezeWords } from '../../settings/settings.ts';
import { settings } from './sample.ts';

const until = '2026-12-28T08:00:00+07:00';
const because = 'the sale of the year';

/** The sentences about production with this freeze. */
function problems(frozen: unknown): readonly string[] {
  const environments = [{ name: 'staging' }, { name: 'production', after: 'staging', frozen }];
  try {
    assertSettings({ ...settings, environments });
    return [];
  } catch (error) {
    return String(Object(error).message).split('\n');
  }
}

test.each([
  until,
  '2026-12-28T01:00Z',
  '2026-12-28T01:00:00.5Z',
  '2028-02-29T00:00:00Z',
  '2020-01-01T00:00:00Z',
  '2026-12-28T08:00:00-11:30',
])('takes %s', (moment) => {
  expect(problems({ until: moment, because })).toEqual([]);
});

const path = 'settings.ts: environments.production.frozen';

test.each([
  ['2026-12-28', ", expected a date and a time with its time zone, such as '2026-12-28T08:00:00+07:00'."],
  ['28 December', ', expected a date and a time with its time zone'],
  ['', ', expected a date and a time with its time zone'],
  ['2026-12-28T08:00:00', ", which has no time zone. Add one: '2026-12-28T08:00:00+07:00'"],
  ['2026-02-30T08:00:00Z', ', a date or a time that does not exist. Correct it.'],
  ['2027-02-29T08:00:00Z', ', a date or a time that does not exist. Correct it.'],
  ['2026-13-01T08:00:00Z', ', a date or a time that does not exist. Correct it.'],
  ['2026-12-28T25:00:00Z', ', a date or a time that does not exist. Correct it.'],
  ['2026-12-28T08:00:00+99:00', ', a date or a time that does not exist. Correct it.'],
])('says what is wrong with the moment %j', (moment, words) => {
  expect(problems({ until: moment, because })).toEqual([
    expect.stringContaining(`${path}.until is '${moment}'${words}`),
  ]);
});

test('says what is missing', () => {
  expect(problems(true)).toEqual([`${path} is true, expected an object with until and because.`]);
  expect(problems({ because })).toEqual([expect.stringContaining(`${path}.until is missing, expected a date`)]);
  expect(problems({ until })).toEqual([
    `${path}.because is missing, expected one line that says why, for those who wait.`,
  ]);
  for (const reason of [' ', 'two\tcolumns', 'x'.repeat(201)]) {
    expect(problems({ until, because: reason })).toEqual([expect.stringContaining('expected one line of up to 200')]);
  }
  expect(problems({ until, because, untill: until })).toEqual([
    `${path}.untill is not a setting. Did you mean until? Use one of until, because.`,
  ]);
});

test('holds until the moment, by the time zone that it names', () => {
  const environment = { frozen: { until, because } };
  const end = Date.UTC(2026, 11, 28, 1);
  expect(activeFreeze(environment, end - 1)).toEqual({ until, because });
  expect(activeFreeze(environment, end)).toBeNull();
  expect(activeFreeze({}, end - 1)).toBeNull();
  expect(freezeWords('production', { until, because: ' Year end. ' })).toBe(
    `production is frozen until ${until}: Year end.`,
  );
});
