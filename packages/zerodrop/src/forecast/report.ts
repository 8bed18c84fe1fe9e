import { counted } from '../guard/model/comparison.ts';
import { plain } from '../guard/report/github.ts';
import { printable } from '../guard/report/text.ts';
import type { Forecast, Standing } from './change.ts';
import type { Inputs, Range } from './life.ts';
import type { Moment, RolloutForecast, WorkloadForecast } from './workload.ts';

// What programs import as zerodrop/forecast.
export { forecast, forecastOfEach, type Forecast, type Standing } from './change.ts';
export type { Cause, Losses } from './losses.ts';
export { defaultInputs, type Inputs, type Range } from './life.ts';
export type { Moment, RolloutForecast, WorkloadForecast } from './workload.ts';

/** The words for a forecast, by the name that `--format` takes. */
export const formats = { text, json, markdown } as const satisfies Readonly<
  Record<string, (forecast: Forecast) => string>
>;

/** Below this, "none expected" is said: one request in a hundred rollouts. */
const noneBelow = 0.01;

/** True where something of a forecast should keep a change from being merged as it is. */
export function isBad({ workloads, quotas }: Forecast): boolean {
  return (
    quotas.length > 0 ||
    rolloutsOf(workloads).some(({ problem, losses }) => problem !== null || losses.expected >= noneBelow)
  );
}

function rolloutsOf(workloads: readonly WorkloadForecast[]): readonly RolloutForecast[] {
  return workloads.flatMap(({ rollouts }) => rollouts);
}

/** What a change comes to, in one line. */
export function verdictOf(forecast: Forecast): string {
  const { workloads, quotas, inputs, objects } = forecast;
  const rolling = workloads.filter(({ does }) => does === 'rolls' || does === 'appears');
  if (rolling.length === 0) {
    const count = objects.appear.length + objects.change.length + objects.go.length;
    return count === 0
      ? 'Nothing changes.'
      : `No workload rolls: ${counted(count, 'object')} ${count === 1 ? 'changes' : 'change'}.`;
  }
  const rollouts = rolloutsOf(rolling);
  const rolls = `${counted(rolling.length, 'workload')} ${rolling.length === 1 ? 'rolls' : 'roll'} out`;
  const expected = Math.max(...rollouts.map(({ losses }) => losses.expected));
  const losses =
    expected < noneBelow
      ? rolling.every(({ does }) => does === 'appears')
        ? 'before its first release nothing sends it requests'
        : 'no request is expected to be lost'
      : `about ${amountOf(expected)} of ${inputs.rate} + ${inputs.rate} requests a second expected to be lost`;
  const problem = rollouts.find((one) => one.problem !== null)?.problem ?? quotas[0];
  if (problem !== undefined && problem !== null) return `${rolls}. ${problem}`;
  const complete = rollouts.flatMap(({ completeMs }) => (completeMs === null ? [] : [completeMs]));
  const all: Range = [Math.max(...complete.map(([least]) => least)), Math.max(...complete.map(([, most]) => most))];
  return `${rolls}, complete after ${secondsOf(all)}: ${losses}.`;
}

/** A forecast as JSON, for programs. */
function json(forecast: Forecast): string {
  return `${JSON.stringify({ ...forecast, verdict: verdictOf(forecast), isBad: isBad(forecast) }, null, 2)}\n`;
}

/** A forecast for a terminal. */
function text(forecast: Forecast): string {
  const parts = [
    verdictOf(forecast),
    ...forecast.workloads.flatMap((one) => [
      '',
      `${printable(one.workload)} ${one.does}${one.does === 'rolls' ? ' out' : ''}`,
      ...one.rollouts.flatMap((rollout) => [
        ...rowsOf(rollout, one).map(([name, says]) => `  ${name.padEnd(19)} ${says}`),
        '',
        ...pictureOf(rollout.picture).map((line) => `  ${line}`),
      ]),
      ...one.budgets.map((sentence) => `  ${printable(sentence)}`),
    ]),
    ...section('Does not roll', forecast.standing.map(inWords)),
    ...section('Quotas', forecast.quotas),
    ...section('Objects', objectLines(forecast)),
    '',
    assumed(forecast.inputs),
  ];
  return `${parts.join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${printable(line)}`)];
}

function inWords({ workload, why }: Standing): string {
  return `${workload}: ${why}.`;
}

function objectLines({ objects, unrendered }: Forecast): readonly string[] {
  return [
    ...titled('appear', objects.appear),
    ...titled('change', objects.change),
    ...titled('go', objects.go),
    ...titled('not known, because nobody has rendered it', unrendered),
  ];
}

function titled(what: string, titles: readonly string[]): readonly string[] {
  return titles.length === 0 ? [] : [`${what}: ${titles.join(', ')}`];
}

/** A forecast for a comment of a pull request or a job's summary: the verdict in one line, then a table, and the rest folded. */
function markdown(forecast: Forecast): string {
  const { workloads, standing, quotas, inputs } = forecast;
  const rolling = workloads.filter(({ rollouts }) => rollouts.length > 0);
  const head = [
    'workload',
    'complete after',
    'last old pod gone',
    'most pods',
    'fewest ready',
    'more CPU, memory',
    'lost',
  ];
  const rows = rolling.flatMap((one) =>
    one.rollouts.map((rollout) => {
      const cells = new Map(rowsOf(rollout, one));
      const name = one.rollouts.length > 1 ? `${one.workload}, ${counted(rollout.replicas, 'pod')}` : one.workload;
      return `| ${[plain(name), ...rowNames.map((row) => plain(cells.get(row) ?? '–'))].join(' | ')} |`;
    }),
  );
  const table =
    rows.length === 0 ? '' : [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n');
  const others = workloads
    .filter(({ does }) => does === 'scales' || does === 'goes')
    .map(({ workload, does }) => `${workload} ${does}.`);
  const pictures = rolling.flatMap((one) =>
    one.rollouts.map((rollout) =>
      [printable(`${one.workload}, ${counted(rollout.replicas, 'pod')}`), ...pictureOf(rollout.picture)].join('\n'),
    ),
  );
  const details = [
    list([
      ...others,
      ...rolling.flatMap(({ rollouts }) => rollouts.flatMap(({ problem }) => problem ?? [])),
      ...quotas,
      ...rolling.flatMap(({ budgets }) => budgets),
    ]),
    list(standing.map((one) => `Does not roll: ${inWords(one)}`)),
    list(objectLines(forecast).map((line) => `Objects that ${line}`)),
    pictures.length === 0 ? '' : `\`\`\`text\n${pictures.join('\n\n').replaceAll('`', "'")}\n\`\`\``,
    `<sub>${plain(assumed(inputs))}</sub>`,
  ].filter((part) => part !== '');
  const sign = isBad(forecast) ? '⚠️' : '✅';
  const folded = `<details><summary>What this is made of</summary>\n\n${details.join('\n\n')}\n\n</details>`;
  return `${['### Forecast', `${sign} ${plain(verdictOf(forecast))}`, table, folded].filter((part) => part !== '').join('\n\n')}\n`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${plain(line)}`).join('\n');
}

const rowNames = [
  'complete after',
  'last old pod gone',
  'most pods',
  'fewest ready',
  'more requested',
  'expected losses',
] as const;

/** The figures of a rollout by their names, in words. */
function rowsOf(
  rollout: RolloutForecast,
  { does, rollouts }: WorkloadForecast,
): readonly (readonly [string, string])[] {
  const { completeMs, lastOldPodGoneMs, mostPods, fewestReady, additionalCpu, additionalMemory, losses, problem } =
    rollout;
  const more = [
    ...(additionalCpu > 0 ? [`${Math.ceil(Number((additionalCpu * 1_000).toFixed(3)))}m CPU`] : []),
    ...(additionalMemory > 0 ? [`${Math.ceil(additionalMemory / 2 ** 20)} MiB`] : []),
  ];
  const causes = Object.entries(losses.byCause)
    .toSorted(([, one], [, other]) => other - one)
    .map(([cause, count]) => `${amountOf(count)} ${cause}`);
  return [
    ...(rollouts.length > 1 ? [['pods', String(rollout.replicas)] as const] : []),
    ...(completeMs === null ? [] : [['complete after', secondsOf(completeMs)] as const]),
    ...(lastOldPodGoneMs === null ? [] : [['last old pod gone', secondsOf(lastOldPodGoneMs)] as const]),
    ['most pods', rangeInWords(mostPods)],
    ['fewest ready', rangeInWords(fewestReady)],
    ['more requested', more.length === 0 ? 'nothing' : more.join(', ')],
    [
      'expected losses',
      losses.expected < noneBelow
        ? does === 'appears'
          ? 'none: nothing sends it requests yet'
          : 'none expected'
        : `${amountOf(losses.expected)}: ${causes.join(', ')}`,
    ],
    ...(problem === null ? [] : [['problem', problem] as const]),
  ];
}

function rangeInWords([least, most]: Range): string {
  return least === most ? String(most) : `${least} to ${most}`;
}

function amountOf(count: number): string {
  return count < 1 ? count.toFixed(2) : count < 10 ? count.toFixed(1) : String(Math.round(count));
}

/** `18 to 24 s`, from milliseconds: rounded outwards where that is a second of many. */
function secondsOf([least, most]: Range): string {
  return shown(least) === shown(most) ? `${shown(most)} s` : `${shown(least)} to ${shown(most)} s`;
}

/** Tenths of a second below ten. */
function shown(ms: number): string {
  return ms < 10_000 ? (ms / 1_000).toFixed(1) : String(Math.round(ms / 1_000));
}

const levels = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Pods over time: a row for each state, each as high as the number of pods in it. */
function pictureOf(moments: readonly Moment[]): readonly string[] {
  const rows = { 'old ready': 'oldReady', 'new ready': 'newReady', starting: 'starting', ending: 'ending' } as const;
  const most = Math.max(
    1,
    ...moments.flatMap(({ oldReady, newReady, starting, ending }) => [oldReady, newReady, starting, ending]),
  );
  const drawn = Object.entries(rows).map(([name, key]) =>
    `${name.padEnd(10)}${moments.map((moment) => levels[Math.ceil((moment[key] / most) * (levels.length - 1))] ?? ' ').join('')}`.trimEnd(),
  );
  const end = `${Math.round((moments.at(-1)?.atMs ?? 0) / 1_000)} s`;
  return [
    ...drawn.filter((line) => line.length > 10),
    `${''.padEnd(10)}0 s${end.padStart(Math.max(0, moments.length - 3))}`,
  ];
}

function assumed(inputs: Inputs): string {
  const { rate, longestRequestMs } = inputs;
  const starts = `a container start of ${secondsOf(inputs.containerStartMs)}, an image pull of ${secondsOf(inputs.imagePullMs)}`;
  const load = `${rate} requests a second on ${inputs.keptConnections} kept connections and ${rate} on new ones`;
  return [
    `Assumes ${starts}, a program that answers ${secondsOf(inputs.startupMs)} later,`,
    `an endpoint lag of ${secondsOf(inputs.endpointLagMs)}, ${load},`,
    `requests of at most ${secondsOf([longestRequestMs, longestRequestMs])}, which the program ${inputs.endsAtOnce ? 'leaves unanswered' : 'answers'} after SIGTERM, and ${counted(inputs.nodes, 'node')}.`,
  ].join(' ');
}
