import { logLine } from '../../rollout/kubernetes/explain.ts';
import type { ApplicationObservation, Observation, PodObservation } from '../../rollout/watch.ts';
import type { PlayedSettings } from '../manifests/rehearsed.ts';
import type { ClientFigures, Figures, Report, RolloutFigures } from './schema.ts';

const numbers = new Intl.NumberFormat('en');

/** `6,412`. */
export function count(value: number): string {
  return numbers.format(value);
}

/** `1 request`, `2 requests`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `4.3 s`, from milliseconds; a dash where there is none. */
export function seconds(ms: number | null): string {
  return ms === null ? '–' : `${(ms / 1_000).toFixed(1)} s`;
}

/** `1.2 ms`. */
export function milliseconds(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}

/** `0 of 6,412`. */
export function outOf(part: number, whole: number): string {
  return `${count(part)} of ${count(whole)}`;
}

/** `5 ECONNRESET, 2 HTTP 503`, the most frequent first. */
export function listed(counts: Readonly<Record<string, number>>, between = ', '): string {
  return Object.entries(counts)
    .toSorted(([a, left], [b, right]) => right - left || a.localeCompare(b, 'en'))
    .map(([what, times]) => `${count(times)} ${what}`)
    .join(between);
}

/** `the embedded cluster`, `the cluster of context kind-web`. */
export function targetName(target: string): string {
  return target.startsWith('context:')
    ? `the cluster of context ${target.slice('context:'.length)}`
    : `the ${target} cluster`;
}

/** What was sent and lost by all clients. */
export function totals(clients: readonly ClientFigures[]): { readonly sent: number; readonly failed: number } {
  return {
    sent: clients.reduce((sum, { sent }) => sum + sent, 0),
    failed: clients.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** `v1 → v2`; one alone where it stays. */
export function versions({ from, to }: Pick<RolloutFigures, 'from' | 'to'>): string {
  return from === to ? to : `${from ?? 'nothing'} → ${to}`;
}

/** When a rollout is expected to be complete, from its push: `18.0–24.0 s`. What is forecast counts from its sync. */
export function expectedAfter({ syncedAfterMs, boundMs, forecast, reached }: RolloutFigures): string {
  // What is not to complete has no time by which it is.
  if (syncedAfterMs === null || reached !== undefined) return '–';
  const [least, most] = forecast?.completeMs ?? [boundMs, boundMs];
  const from = ((syncedAfterMs + least) / 1_000).toFixed(1);
  const to = seconds(syncedAfterMs + most);
  return `${from} s` === to ? to : `${from}–${to}`;
}

/** The outcome in a few words: `0 of 6,412 requests lost`. */
export function headline({ clients, allowed }: Figures & Partial<Pick<Report, 'allowed'>>): string {
  const { sent, failed } = totals(clients);
  const asAllowed = allowed?.requests ?? 0;
  const which =
    asAllowed === 0 ? '' : asAllowed === failed ? ', as the scene allows' : `, ${count(asAllowed)} as allowed`;
  return sent === 0 ? 'No request was sent' : `${outOf(failed, sent)} requests lost${which}`;
}

/** The verdict and what it rests on: the first reason or doubt, or what was lost where there is none. */
export function outcome(report: Report): string {
  const { verdict, reasons, doubts } = report;
  const why = verdict === 'failed' ? reasons[0] : doubts[0];
  return `${verdict}: ${why === undefined ? headline(report) : sentenceAndDetails(why).sentence}`;
}

/** What long-lived clients begin. */
export const longLivedNames = {
  'slow-request': 'slow requests',
  upload: 'uploads',
  'event-stream': 'event streams',
  websocket: 'WebSockets',
} as const;

/** What long-lived clients did and lost, in a sentence each. */
export function longLivedLines({ longLived = [] }: Report): readonly string[] {
  return longLived.map(({ kind, asked, ended, lost, closedEarly, afterSigterm }) => {
    const early = closedEarly === 0 ? '' : `, ${count(closedEarly)} closed early`;
    const open = afterSigterm === null ? '' : `, ${count(afterSigterm)} were open at a pod that was told to end`;
    return `Beside them ${longLivedNames[kind]} (${asked}): ${outOf(lost, ended)} lost${early}${open}.`;
  });
}

/** A reason in its parts: what is wrong, and the words of the cluster and the pod, a line each. */
export function sentenceAndDetails(reason: string): { readonly sentence: string; readonly details: readonly string[] } {
  const [first = '', ...details] = reason.split('\n');
  return { sentence: first, details };
}

/**
 * What was played: `A release and a revert of 3 replicas under 200 requests a second, on the embedded cluster.` Another scene is told by
 * its name.
 */
export function subline({ target, settings, scene, clients, rollouts, numbers: { played } }: Report): string {
  const names = rollouts.map(({ name }) => `a ${name}`);
  const listing = `${names.slice(0, -1).join(', ')}${names.length > 1 ? ' and ' : ''}${names.at(-1)}`;
  const told = scene === 'release-and-revert' ? listing : `the scene ${scene}`;
  const scenes = names.length === 0 ? 'load alone, no rollout,' : told;
  const rate = clients.reduce((sum, client) => sum + client.rate, 0);
  const bounds =
    played.autoscaler === null ? '' : ` (autoscaled, ${played.autoscaler.min} to ${played.autoscaler.max})`;
  const replicas = rollouts[0] === undefined ? '' : ` of ${count(played.replicas)} replicas${bounds}`;
  const whose = settings === 'ours' ? '' : `, with ${settingsName(settings)}`;
  return sentence(`${scenes}${replicas} under ${count(rate)} requests a second, on ${targetName(target)}${whose}.`);
}

const settingsNames: Readonly<Record<PlayedSettings, string>> = {
  ours: 'the committed settings',
  'no-drain': 'the committed settings without their drain',
  original: 'the settings of the original',
};

/** `the committed settings without their drain`. */
export function settingsName(settings: PlayedSettings): string {
  return settingsNames[settings];
}

/** What the control says; null where none was played. */
export function controlLine({ control }: Report): string | null {
  if (control === null) return null;
  return `The control, ${settingsName(control.settings)}, lost ${outOf(control.failed, control.requests)} requests.`;
}

/** Which outage would have been missed, in a sentence; null where nothing was rolled out. */
export function detectionLine({ detection }: Report): string | null {
  if (detection === null) return null;
  const { endpoints, missed, seenFromMs } = detection;
  const odds = missed.map(({ outageMs, probability }) => `${outageMs} ms ${percent(probability)}`).join(', ');
  return `Had 1 of ${endpoints} endpoints refused new connections for a while, this run would have missed it with these probabilities: ${odds}. From ${count(seenFromMs)} ms on it is at most 1 %.`;
}

function percent(probability: number): string {
  const value = 100 * probability;
  return value === 0 ? '0 %' : value < 0.1 ? 'under 0.1 %' : `${value >= 10 ? value.toFixed(0) : value.toFixed(1)} %`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What was last seen that can explain a failure. */
export interface Memory {
  readonly application: ApplicationObservation | null;
  readonly warnings: readonly string[];
  /** From the oldest to the newest. */
  readonly pods: readonly PodObservation[];
}

export const nothingSeen: Memory = { application: null, warnings: [], pods: [] };

const keptWarnings = 5;

/** What is remembered after one more observation. */
export function remember(memory: Memory, seen: Observation): Memory {
  switch (seen.kind) {
    case 'application':
      return { ...memory, application: seen };
    case 'pods':
      return { ...memory, pods: seen.pods };
    case 'warning':
      return {
        ...memory,
        warnings: [...memory.warnings, `${seen.object} ${seen.reason}: ${seen.message}`].slice(-keptWarnings),
      };
    default:
      return memory;
  }
}

/** The newest pod that is in trouble; null where every pod is well. */
export function newestInTrouble({ pods }: Memory): PodObservation | null {
  return pods.findLast(({ state }) => state === 'failed') ?? pods.findLast(({ state }) => state === 'starting') ?? null;
}

/** Puts a failure into words: the sync's, the cluster's warnings, and the last lines of the pod's log. */
export function explanation(
  { application, warnings }: Memory,
  pod: PodObservation | null,
  log: readonly string[],
): string {
  const said = application?.conditions.map(({ type, message }) => `${type}: ${message}`) ?? [];
  const sync = application?.phase === 'Failed' ? [`Sync failed: ${application.message}`] : [];
  const words =
    pod === null || log.length === 0
      ? []
      : [`Last words of pod ${pod.name}:`, ...log.map((line) => `  ${logLine(line)}`)];
  return [...sync, ...said, ...warnings, ...words].join('\n');
}

/** What is said of the first connection that the balancer loses to a pod: `pod` is null where no endpoint was left. */
export function lostConnection(pod: string | null, code: string): Observation {
  if (pod === null) {
    const message = 'A connection was reset: no pod was left to send it to.';
    return { kind: 'warning', object: 'Service', reason: 'NoEndpoint', message };
  }
  const refused = 'It refused a connection while the balancer still knew it as an endpoint.';
  const broken = `It broke a connection (${code}).`;
  return {
    kind: 'warning',
    object: `Pod/${pod}`,
    reason: 'LostConnection',
    message: code === 'ECONNREFUSED' ? refused : broken,
  };
}
