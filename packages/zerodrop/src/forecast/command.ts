import type { Ended } from '../command.ts';
import { UsageError } from '../errors.ts';
import { changeOf } from '../guard/source.ts';
import { millisecondsOf, readOptions } from '../options.ts';
import { forecast } from './change.ts';
import { defaultInputs, type Inputs, type Range } from './life.ts';
import { formats, isBad } from './report.ts';

const seconds = ([least, most]: Range): string => `${least / 1_000}-${most / 1_000}`;

const usage = `zerodrop forecast --base REF [PATH...]
zerodrop forecast --before DIR --after DIR

Says what merging a change of Kubernetes manifests does: which workloads roll out and which do not, for how long, with how many pods, and
how many requests are expected to be lost. It plays the rules of the controllers and asks no cluster.

  --base REF               what the branch is to be merged into, such as origin/main
  --head REF               the branch (HEAD)
  --before DIR             the manifests before the change, or one file
  --after DIR              the manifests after it
  --directory DIR          anywhere in the repository (the current directory)
  --format FORMAT          ${Object.keys(formats).join(', ')} (text)
  --json                   the same as --format json
  --strict                 exits 1 where a request is expected to be lost, or a rollout not to complete

What the manifests do not say; a range is written as 0.5-3, in seconds:

  --container-start RANGE  from a pod's creation until its container runs, without the image (${seconds(defaultInputs.containerStartMs)})
  --image-pull RANGE       (${seconds(defaultInputs.imagePullMs)})
  --startup RANGE          from a container's start until its program answers (${seconds(defaultInputs.startupMs)})
  --endpoint-lag RANGE     how long an endpoint's change takes to reach the traffic (${seconds(defaultInputs.endpointLagMs)})
  --rate N                 requests per second of each of two client kinds: new connections, and kept ones (${defaultInputs.rate})
  --longest-request S      (${defaultInputs.longestRequestMs / 1_000})
  --kept-connections N     connections that clients keep; 0 where each request has its own (${defaultInputs.keptConnections})
  --round-trip S           between a client and a pod (${defaultInputs.roundTripMs / 1_000})
  --nodes N                how many nodes there are: a DaemonSet has a pod on each (${defaultInputs.nodes})
  --ends-at-once           the program ends at SIGTERM without answering what it has open

Exit: 0 forecast, 1 something is bad and --strict is given, 2 wrong use, 3 the manifests could not be compared.
`;

const text = { type: 'string' } as const;
const options = {
  base: text,
  head: { type: 'string', default: 'HEAD' },
  before: text,
  after: text,
  directory: { type: 'string', default: '.' },
  format: text,
  json: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
  'container-start': text,
  'image-pull': text,
  startup: text,
  'endpoint-lag': text,
  rate: text,
  'longest-request': text,
  'kept-connections': text,
  'round-trip': text,
  nodes: text,
  'ends-at-once': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Given = ReturnType<typeof readOptions<typeof options>>['values'];

/** `zerodrop forecast` */
export async function forecastCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readOptions(args, options);
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  const format = formatOf(values);
  const inputs = inputsOf(values);
  const change = await changeOf({ ...values, staged: false }, positionals);
  if (change.before.size + change.after.size === 0) {
    const named = values.after ?? positionals.join(', ');
    throw new UsageError(
      `${named === '' ? 'No manifest is there' : `${named}: no manifest is there`}, before or after the change, so nothing can be forecast. A manifest is a file .yaml, .yml or .json with apiVersion and kind.`,
    );
  }
  const found = forecast(change.before, change.after, inputs);
  const leftOut = await change.leftOut();
  const note =
    leftOut.length === 0
      ? ''
      : `zerodrop forecast: not compared, because it is not committed: ${leftOut.join(', ')}.\n`;
  return { stdout: formats[format](found), stderr: note, exitCode: values.strict && isBad(found) ? 1 : 0 };
}

function formatOf({ format, json }: Given): keyof typeof formats {
  if (json && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} contradict each other. Leave one of them out.`);
  const wanted = json ? 'json' : (format ?? 'text');
  if (wanted === 'text' || wanted === 'json' || wanted === 'markdown') return wanted;
  throw new UsageError(`--format is ${JSON.stringify(wanted)}, expected one of ${Object.keys(formats).join(', ')}.`);
}

function inputsOf(values: Given): Inputs {
  const range = (option: 'container-start' | 'image-pull' | 'startup' | 'endpoint-lag', usual: Range): Range => {
    const value = values[option];
    if (value === undefined) return usual;
    const [least = '', most = least, ...more] = value.split('-');
    const found: Range = [millisecondsOf(`--${option}`, least), millisecondsOf(`--${option}`, most)];
    if (more.length === 0 && found[0] <= found[1]) return found;
    throw new UsageError(
      `--${option} is ${JSON.stringify(value)}, expected seconds from the least to the most, such as 0.5-3.`,
    );
  };
  const whole = (option: 'rate' | 'kept-connections' | 'nodes', usual: number, least: number): number => {
    const value = values[option];
    if (value === undefined) return usual;
    if (/^\d{1,7}$/.test(value) && Number(value) >= least) return Number(value);
    throw new UsageError(`--${option} is ${JSON.stringify(value)}, expected a whole number from ${least} on.`);
  };
  const time = (option: 'longest-request' | 'round-trip', usual: number): number => {
    const value = values[option];
    return value === undefined ? usual : millisecondsOf(`--${option}`, value);
  };
  const {
    containerStartMs,
    imagePullMs,
    startupMs,
    endpointLagMs,
    rate,
    longestRequestMs,
    keptConnections,
    roundTripMs,
    nodes,
  } = defaultInputs;
  return {
    containerStartMs: range('container-start', containerStartMs),
    imagePullMs: range('image-pull', imagePullMs),
    startupMs: range('startup', startupMs),
    endpointLagMs: range('endpoint-lag', endpointLagMs),
    rate: whole('rate', rate, 0),
    longestRequestMs: time('longest-request', longestRequestMs),
    keptConnections: whole('kept-connections', keptConnections, 0),
    roundTripMs: time('round-trip', roundTripMs),
    nodes: whole('nodes', nodes, 1),
    endsAtOnce: values['ends-at-once'],
  };
}
