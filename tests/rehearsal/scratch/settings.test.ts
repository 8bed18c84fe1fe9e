import { expect, test } from 'vitest';
import { originalRollout } from '../../../rehearsal/baseline.ts';
import { parseOptions, type RehearsalOptions } from '../../../rehearsal/options.ts';
import { rehearsedSettings, settingsSource } from '../../../rehearsal/scratch/settings.ts';
import { settings } from '../../settings/sample.ts';

const remote = 'file:///scratch/remote.git';

function options(...args: readonly string[]): RehearsalOptions {
  const parsed = parseOptions(args);
  if (parsed === null) throw new Error('help is no play');
  return parsed;
}

test('a play keeps the committed settings of its one environment', () => {
  const rehearsed = rehearsedSettings(settings, remote, 'ours', options());

  expect(rehearsed.name).toBe('staging');
  expect(rehearsed.settings).toMatchObject({ repository: remote, service: settings.service, image: settings.image });
  expect(Object.keys(rehearsed.settings.environments)).toEqual(['staging']);
  expect(rehearsed.environment).toEqual({ ...settings.environments['staging'], endpointLagSeconds: 1 });
});

test('a larger lag goes through the construct, a drain past its check', () => {
  const { environment } = rehearsedSettings(
    settings,
    remote,
    'ours',
    options('--endpoint-lag-ms', '9000', '--drain-ms', '500'),
  );

  expect(environment.endpointLagSeconds).toBe(9);
  expect(environment.unchecked).toMatchObject({ drainSeconds: 0.5, because: expect.stringContaining('--drain-ms') });
});

test('the control takes the rollout of the original and the replicas that are asked for', () => {
  const { environment } = rehearsedSettings(settings, remote, 'original', options('--replicas', '4'));

  expect(environment).toMatchObject({ replicas: 4, unchecked: originalRollout });
});

test('an unknown environment is named with those that there are', () => {
  expect(() => rehearsedSettings(settings, remote, 'ours', options('--environment', 'moon'))).toThrow(
    '--environment is "moon", but settings.ts has staging, production.',
  );
});

test('the settings of a scratch clone are the program that a user would write', () => {
  expect(settingsSource(settings)).toContain('export const settings = defineSettings({');
  expect(settingsSource(settings)).toContain('"service": "web"');
});
