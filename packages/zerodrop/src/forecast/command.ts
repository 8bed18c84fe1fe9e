import { type Ended, UsageError } from '../errors.ts';
import { changeOf } from '../guard/source.ts';
import { millisecondsOf, readOptions } from '../options.ts';
import { forecast } from './change.ts';
import { defaultInputs, type Inputs, type Range } from './life.ts';
import { formats, isBad } from './report.ts';

const seconds = ([least, most]: Range): string => `${least / 1_000}-${most / 1_000}`;

/** How an input is said: its option, what stands for its value in the usage, what it is, how it is read and how its default is shown. */
interface Said<Value> {
  readonly option: string;
  readonly value: string;
  readonly what: string;
  read(option: string, text: string): Value;
  show(usual: Value): string;
}

const inSeconds = { value: 'S', read: millisecondsOf, show: (usual: number) => String(usual / 1_000) };
const inRange = { value: 'RANGE', read: rangeOf, show: seconds };
const wholeFrom = (least: number) => ({
  value: 'N',
  read: (option: string, text: string) => wholeOf(option, text, least),
  show: String,
});

/** Every input that an option says, in the order of the usage. */
const inputs: { readonly [Name in keyof Omit<Inputs, 'endsAtOnce'>]: Said<Inputs[Name]> } = {
  containerStartMs: {
    option: 'container-start',
    what: "from a pod's creation until its container runs, without the image",
    ...inRange,
  },
  imagePullMs: { option: 'image-pull', what: 'how long an image takes to reach a node', ...inRange },
  startupMs: { option: 'startup', what: "from a container's start until its program answers", ...inRange },
  endpointLagMs: {
    option: 'endpoint-lag',
    what: "how long an endpoint's change takes to reach the traffic",
    ...inRange,
  },
  rate: {
    option: 'rate',
    what: 'requests per second of each of two client kinds: new connections, and kept ones',
    ...wholeFrom(0),
  },
  longestRequestMs: { option: 'longest-request', what: 'how long a request takes at the most', ...inSeconds },
  keptConnections: {
    option: 'kept-connections',
    what: 'connections that clients keep; 0 where each request has its own',
    ...wholeFrom(0),
  },
  roundTripMs: { option: 'round-trip', what: 'between a client and a pod', ...inSeconds },
  nodes: { option: 'nodes', what: 'how many nodes there are: a DaemonSet has a pod on each', ...wholeFrom(1) },
};

type Input = keyof typeof inputs;
const names = Object.keys(inputs) as readonly Input[];

/** A line of the usage. */
function lineOf<Name extends Input>(name: Name): string {
  const { option, value, what, show }: Said<Inputs[Name]> = inputs[name];
  return `  ${`--${option} ${value}`.padEnd(24)} ${what} (${show(defaultInputs[name])})`;
}

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

${names.map(lineOf).join('\n')}
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
  'ends-at-once': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;
const inputOptions: Readonly<Record<string, typeof text>> = Object.fromEntries(
  names.map((name) => [inputs[name].option, text]),
);

type Given = ReturnType<typeof readOptions<typeof options>>['values'];

/** `zerodrop forecast` */
export async function forecastCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readOptions<typeof options>(args, { ...options, ...inputOptions });
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  const format = formatOf(values);
  const change = await changeOf({ ...values, staged: false }, positionals);
  if (change.before.size + change.after.size === 0) {
    const named = values.after ?? positionals.join(', ');
    throw new UsageError(
      `${named === '' ? 'No manifest is there' : `${named}: no manifest is there`}, before or after the change, so nothing can be forecast. A manifest is a file .yaml, .yml or .json with apiVersion and kind.`,
    );
  }
  const found = forecast(change.before, change.after, inputsOf(values));
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

/** The inputs that are said, and the defaults of the others. */
function inputsOf(values: Given): Inputs {
  const said: Readonly<Record<string, unknown>> = values;
  const read = <Name extends Input>(name: Name): Partial<Inputs> => {
    const { option, read: readText }: Said<Inputs[Name]> = inputs[name];
    const value = said[option];
    return typeof value === 'string' ? { [name]: readText(`--${option}`, value) } : {};
  };
  return Object.assign({ ...defaultInputs, endsAtOnce: values['ends-at-once'] }, ...names.map(read));
}

function rangeOf(option: string, value: string): Range {
  const [least = '', most = least, ...more] = value.split('-');
  const found: Range = [millisecondsOf(option, least), millisecondsOf(option, most)];
  if (more.length === 0 && found[0] <= found[1]) return found;
  throw new UsageError(
    `${option} is ${JSON.stringify(value)}, expected seconds from the least to the most, such as 0.5-3.`,
  );
}

function wholeOf(option: string, value: string, least: number): number {
  if (/^\d{1,7}$/.test(value) && Number(value) >= least) return Number(value);
  throw new UsageError(`${option} is ${JSON.stringify(value)}, expected a whole number from ${least} on.`);
}
