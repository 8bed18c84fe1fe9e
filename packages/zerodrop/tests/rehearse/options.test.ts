import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { parseOptions } from '../../src/rehearse/options.ts';
import { releaseAndRevert } from '../../src/rehearse/play/scenes.ts';

describe('options', () => {
  test('play our settings and a control by default', () => {
    expect(parseOptions([])).toEqual({
      rate: 100,
      told: { applications: null, drainVariable: null, build: null },
      own: {
        folder: null,
        deployment: null,
        commands: null,
        given: {},
        request: null,
        longLived: { slow: null, upload: null, events: null, socket: null, seconds: null, closedEarly: 'lost' },
      },
      change: null,
      environment: null,
      service: null,
      replicas: null,
      endpointLagMs: 1_000,
      drainMs: null,
      proxy: null,
      isHttp2: false,
      isSecure: false,
      startupMs: 1_500,
      slowMs: 1_000,
      idleMs: null,
      baseline: null,
      scenes: [releaseAndRevert],
      listScenes: false,
      control: 'as the scene says',
      reportDirectory: 'reports/latest',
      json: false,
      livePort: null,
      context: null,
      compare: false,
      preflight: null,
      measureLag: false,
    });
  });

  test('play a baseline without a control of its own', () => {
    expect(parseOptions(['--baseline', 'original'])).toMatchObject({ baseline: 'original', control: null });
  });

  test('play load alone without a control, which could lose nothing', () => {
    expect(parseOptions(['--idle-ms', '30000'])).toMatchObject({ idleMs: 30_000, control: null });
  });

  test('play another control, or none', () => {
    expect(parseOptions(['--control', 'original'])).toMatchObject({ control: 'original' });
    expect(parseOptions(['--control', 'none'])).toMatchObject({ control: null });
    expect(parseOptions(['--control', 'none', '--idle-ms', '9'])).toMatchObject({ control: null });
  });

  test('take numbers as they are said', () => {
    const args = ['--rate', '500', '--replicas', '10', '--endpoint-lag-ms', '3000', '--drain-ms', '0'];
    expect(parseOptions(args)).toMatchObject({ rate: 500, replicas: 10, endpointLagMs: 3_000, drainMs: 0 });
  });

  test('ask for help', () => {
    expect(parseOptions(['--help'])).toBeNull();
  });

  test.each([
    [['--rate', 'fast'], '--rate is "fast", but a whole number from 1 to 5000 is expected.'],
    [['--rate', '0'], '--rate is "0", but a whole number from 1 to 5000 is expected.'],
    [['--replicas', '1'], '--replicas is "1", but a whole number from 2 to 100 is expected.'],
    [['--add-startup-ms', '-1'], '--add-startup-ms'],
    [['--baseline', 'newest'], '--baseline is "newest", expected one of original.'],
    [['--control', 'always'], '--control is "always", expected one of no-drain, original, none.'],
    [['--control', 'original', '--idle-ms', '9'], '--control original and --idle-ms exclude each other'],
    [['--idle-ms', '0'], '--idle-ms is "0", but a whole number from 1 to 3600000 is expected.'],
    [['--idle-ms', '9', '--compare', 'kind', '--registry', 'a'], '--compare and --idle-ms exclude each other'],
    [['--replicas', '101'], '--replicas is "101", but a whole number from 2 to 100 is expected.'],
    [['--http', '3'], '--http is "3", expected one of 1.1, 2.'],
    [['--tls', '--proxy', 'none'], '--tls and --proxy none exclude each other'],
    [['--tls', '--context', 'kind', '--registry', 'a'], '--tls and --context exclude each other'],
    [['--speed', '3'], "Unknown option '--speed'"],
    [['.', 'now'], '"now" is one word too many.'],
  ])('refuse %j', (args, sentence) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(sentence);
  });
});
