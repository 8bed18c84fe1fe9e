import { parseArgs } from 'node:util';
import { WrongUse } from './wrong-use.ts';

/** What one rehearsal is asked to do. */
export interface RehearsalOptions {
  /** Requests per second of each of the two client kinds. */
  readonly rate: number;
  /** The environment whose settings are rehearsed; the first in the settings where none is named. */
  readonly environment: string | null;
  /** Null: as committed. */
  readonly replicas: number | null;
  readonly endpointLagMs: number;
  /** Null: as the construct derives it. */
  readonly drainMs: number | null;
  readonly startupMs: number;
  /** Play the old system's settings instead of ours; the verdict is expected to be no. */
  readonly baseline: 'original' | null;
  readonly control: boolean;
  readonly reportDirectory: string;
  readonly json: boolean;
}

/** What `--help` prints. */
export const usage = `npm run rehearse -- [options]

Plays first deployment, release and git revert under load on the embedded cluster, then the same with the settings of
the system that zerodrop replaces as a control, and fails when a single request fails.

  --rate N              requests per second of each of the two client kinds (100)
  --environment NAME    whose settings are rehearsed (the first in settings.ts)
  --replicas N          instead of the committed number
  --endpoint-lag-ms N   how long an endpoint's change takes to reach the traffic (1000)
  --drain-ms N          sets the drain, past the check that it is long enough
  --startup-ms N        how long the service takes to start (1500)
  --baseline original   play the old system's settings only: exits 1, because requests are lost
  --no-control          leave out the control
  --report DIR          where the report goes (reports/latest)
  --json                print report.json instead of the summary

Exit: 0 nothing lost, 1 the verdict is no, 2 wrong use, 3 the rehearsal itself could not run, 130 interrupted.`;

/** Reads the command line. Returns null where help is asked for; throws {@link WrongUse} with a sentence. */
export function parseOptions(args: readonly string[]): RehearsalOptions | null {
  const values = parse(args);
  if (values.help) return null;
  if (values.baseline !== undefined && values.baseline !== 'original') {
    throw new WrongUse(`--baseline is ${JSON.stringify(values.baseline)}, but the only baseline is original.`);
  }
  return {
    rate: wholeNumber('--rate', values.rate, 1, 5_000),
    environment: values.environment ?? null,
    replicas: values.replicas === undefined ? null : wholeNumber('--replicas', values.replicas, 2, 50),
    endpointLagMs: wholeNumber('--endpoint-lag-ms', values['endpoint-lag-ms'], 0, 600_000),
    drainMs: values['drain-ms'] === undefined ? null : wholeNumber('--drain-ms', values['drain-ms'], 0, 600_000),
    startupMs: wholeNumber('--startup-ms', values['startup-ms'], 0, 60_000),
    baseline: values.baseline ?? null,
    control: !values['no-control'] && values.baseline === undefined,
    reportDirectory: values.report,
    json: values.json,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rate: { type: 'string', default: '100' },
        environment: { type: 'string' },
        replicas: { type: 'string' },
        'endpoint-lag-ms': { type: 'string', default: '1000' },
        'drain-ms': { type: 'string' },
        'startup-ms': { type: 'string', default: '1500' },
        baseline: { type: 'string' },
        'no-control': { type: 'boolean', default: false },
        report: { type: 'string', default: 'reports/latest' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (cause) {
    throw new WrongUse(`${(cause as Error).message} See npm run rehearse -- --help.`, { cause });
  }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new WrongUse(
      `${option} is ${JSON.stringify(text)}, but a whole number from ${least} to ${most} is expected.`,
    );
  }
  return value;
}
