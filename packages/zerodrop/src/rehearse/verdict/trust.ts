import type { PlayRecord } from '../cluster.ts';
import type { Sample } from '../load/schedule.ts';
import type { Detection } from '../report/schema.ts';
import { counted, listed, milliseconds, outOf, seconds, settingsName } from '../report/words.ts';
import { clientFigures, clientKinds } from './figures.ts';
import { failed, firstDue, isWithin, loadedSpans, minimumReady, ownErrors, tallyFailures } from './samples.ts';

/**
 * A client that sent nothing for longer, in milliseconds, is not believed: what it is to find is a gap as long as an endpoint's lag,
 * 1 s in the middle, and whoever sleeps through a tenth of that may sleep through a loss.
 */
const silentMs = 100;

/** From here on the figures are believed and blurred: on an idle machine the client stays under it. */
const lateMs = 10;

/** Requests under which a connection was broken on purpose, and the play without them. */
export interface Calibrated {
  readonly found: readonly Sample[];
  readonly record: PlayRecord;
}

/** Connections are told by their ports, and a port may be used again: not within this time, in milliseconds. */
const sameBreakMs = 1_000;

/** Takes the requests out of a play that failed because their connection was broken on purpose. */
export function calibrated(record: PlayRecord): Calibrated {
  const broken = (record.calibration?.broken ?? []).map(({ port, at }) =>
    record.samples.filter(
      (sample) => sample.port === port && sample.failure !== null && Math.abs(sample.endedAt - at) < sameBreakMs,
    ),
  );
  // A connection of HTTP/2 carries several requests.
  const lost = new Set(broken.flat());
  const found = broken.flatMap(([first]) => first ?? []);
  return { found, record: { ...record, samples: record.samples.filter((sample) => !lost.has(sample)) } };
}

/** Why a play that finds no loss may be blind: it did not find the connections that were broken on purpose. */
function blind({ found, record }: Calibrated): readonly string[] {
  const { calibration } = record;
  if (calibration === null) return [];
  const { wanted, broken } = calibration;
  if (broken.length < wanted) {
    return [
      `The calibration could break only ${outOf(broken.length, wanted)} connections, so nothing shows that a loss would have been seen.`,
    ];
  }
  const unseen = clientKinds.filter((kind) => !found.some((sample) => sample.kind === kind));
  if (found.length === broken.length && unseen.length === 0) return [];
  const by = unseen.length === 0 ? '' : `, none of the ${unseen.join(' and none of the ')} client`;
  return [
    `The calibration broke ${counted(broken.length, 'connection')} on purpose, and ${found.length} of them were found${by}: what was lost may not have been seen.`,
  ];
}

/** Why a play in which nothing was lost would prove nothing: what may hide a loss. */
export function hidden(play: Calibrated): readonly string[] {
  return [...missingLoad(play.record), ...disturbed(play.record), ...blind(play)];
}

/** What may hide a loss in a play and may cause one too, because the machine was not up to it. */
export function disturbed(record: PlayRecord): readonly string[] {
  const unseen = record.unseen ?? null;
  return [...(unseen === null ? [] : [unseen]), ...silence(record), ...clientErrors(record), ...unsteady(record)];
}

function missingLoad(record: PlayRecord): readonly string[] {
  // No load runs against a first deployment that never came up, which is a reason of its own.
  const began = record.rollouts.every(({ from, completeAt }) => from !== null || completeAt !== null);
  if (!began) return [];
  return clientKinds.flatMap((kind) => {
    const samples = record.samples.filter((sample) => sample.kind === kind);
    if (samples.length === 0) return [`No request was sent by the ${kind} client.`];
    return uncovered(record, samples).map((what) => `The load of the ${kind} client ${what}`);
  });
}

/** A loss can only be seen while requests are due: from before the first push until the last old pod is gone. */
function uncovered(record: PlayRecord, samples: readonly Sample[]): readonly string[] {
  const spans = loadedSpans(record);
  const due = samples.map(({ dueAt }) => dueAt).toSorted((a, b) => a - b);
  const begins = spans[0]?.from ?? Number.POSITIVE_INFINITY;
  const ends = spans.at(-1)?.rollout.lastOldPodGoneAt ?? Number.NEGATIVE_INFINITY;
  const periodMs = 1_000 / record.rate;
  return [
    ...((due[0] ?? 0) > begins ? ['began after the first push.'] : []),
    ...((due.at(-1) ?? 0) + periodMs < ends ? ['ended before the last old pod was gone.'] : []),
  ];
}

/** The longest time in which a client sent nothing though a request was due: nobody looked at the service then. */
function silence(record: PlayRecord): readonly string[] {
  return clientKinds.flatMap((kind) => {
    let latest: Sample | null = null;
    for (const sample of record.samples) {
      if (sample.kind === kind && lateness(sample) > (latest === null ? silentMs : lateness(latest))) latest = sample;
    }
    if (latest === null) return [];
    const when = `${seconds(latest.dueAt - record.startedAt)} into the run`;
    return [
      `The ${kind} client was silent for ${milliseconds(lateness(latest))} in one go, ${when}, which is more than ${silentMs} ms: a loss at that time was not seen. Rehearse on a less busy machine or with a lower --rate.`,
    ];
  });
}

function lateness({ dueAt, sentAt }: Sample): number {
  return sentAt - dueAt;
}

/** What this machine could not do for the client. */
function clientErrors({ samples }: PlayRecord): readonly string[] {
  const own = samples.filter(({ failure }) => failure !== null && ownErrors.has(failure));
  if (own.length === 0) return [];
  return [
    `${outOf(own.length, samples.length)} requests were never sent, because this machine could not: ${listed(tallyFailures(own))}. Give it more open files or ports (ulimit -n), check the name of the address, or lower --rate.`,
  ];
}

/** Endpoints that were not complete from the start of the load to the push: what follows is not the rollout's. */
function unsteady(record: PlayRecord): readonly string[] {
  const push = loadedSpans(record)[0];
  const from = firstDue(record.samples)?.dueAt;
  if (push === undefined || from === undefined || from >= push.from) return [];
  const { replicas } = push.rollout;
  const lowest = minimumReady(record.observed, from, push.from);
  return lowest === null || lowest >= replicas
    ? []
    : [
        `Before the ${push.rollout.name} only ${lowest} of ${replicas} pods were ready, so it did not start from a steady state.`,
      ];
}

/** What may have caused a loss, or slow answers, that the service is not to blame for. */
export function starved(record: PlayRecord): readonly string[] {
  const from = firstDue(record.samples)?.dueAt ?? record.startedAt;
  const stalls = record.observed.flatMap((seen) => (seen.kind === 'stalled' && seen.at >= from ? seen : []));
  const longest = stalls.toSorted((a, b) => b.ms - a.ms)[0];
  if (longest === undefined) return [];
  return [
    `This machine was too busy: it stalled ${counted(stalls.length, 'time')} under load, the longest for ${longest.ms} ms, in the process of the ${longest.part}, ${seconds(longest.at - record.startedAt)} into the run. What was lost or late may be its doing. Rehearse on a less busy machine.`,
  ];
}

/** A machine that stalled for a smaller share of the time is not why a rollout never completed. */
const leastStalledShare = 0.1;

/** True where a rollout failed by what the cluster said of it, though this machine did its part: a stall of a moment explains none. */
export function isStuck({ rollouts, observed, endedAt }: PlayRecord): boolean {
  return rollouts.some(({ failure, pushedAt, completeAt }) => {
    if (failure === null || completeAt !== null) return false;
    const stalls = observed.flatMap((seen) => (seen.kind === 'stalled' && seen.at >= pushedAt ? seen.ms : []));
    const stalledMs = stalls.reduce((sum, ms) => sum + ms, 0);
    return stalledMs < leastStalledShare * (endedAt - pushedAt);
  });
}

/** Why a control does not show that a loss would have been seen: it can't be trusted, or lost nothing. */
export function controlDoubts(control: Calibrated | null): readonly string[] {
  if (control === null) return [];
  return [...hidden(control).map((doubt) => `The control: ${doubt}`), ...blindControl(control.record)];
}

/** A control that lost nothing in its rollouts: then a zero of ours says nothing either. */
function blindControl(control: PlayRecord): readonly string[] {
  const lost = failed(control.samples);
  const spans = loadedSpans(control);
  if (lost.some(({ dueAt }) => spans.some((span) => isWithin(span, dueAt)))) return [];
  const figures = outOf(lost.length, control.samples.length);
  return [
    `The control, ${settingsName(control.settings)}, must lose requests in its rollouts and lost ${lost.length === 0 ? 'none' : 'none there'} (${figures} in all): the rehearsal cannot see a loss, so its figures prove nothing.`,
  ];
}

/** What is worth knowing of a load that is believed. */
export function blurredLoad(record: PlayRecord): readonly string[] {
  return clientKinds.flatMap((kind) => {
    const { p99 } = clientFigures(kind, record.rate, record.samples).latenessMs;
    return p99 > lateMs
      ? `The ${kind} client was late: ${milliseconds(p99)} at the 99th percentile. Its times are blurred by as much.`
      : [];
  });
}

/** What a control lost before its first push: then something else than a rollout loses requests. */
export function lossyControl(control: PlayRecord | null): readonly string[] {
  const first = control === null ? undefined : loadedSpans(control)[0];
  if (control === null || first === undefined) return [];
  const early = failed(control.samples).filter(({ dueAt }) => dueAt < first.from);
  return early.length === 0
    ? []
    : [
        `The control lost ${outOf(early.length, control.samples.length)} requests before its first push: something else than a rollout loses requests here.`,
      ];
}

const outagesMs = [10, 100, 1_000];

/** An outage that is missed less often than this counts as seen. */
const rarely = 0.01;

/**
 * Which outage of one endpoint would have been missed. A new connection goes to each of n endpoints with the same probability, so r of
 * them a second miss one that refuses for g seconds with (1 - 1/n)^(r * g).
 */
export function detectionLimit(record: PlayRecord): Detection | null {
  const spans = loadedSpans(record);
  const tookMs = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  const sent = record.samples.filter(
    ({ kind, dueAt }) => kind === 'new-connection' && spans.some((span) => isWithin(span, dueAt)),
  ).length;
  const ready = record.observed.flatMap((seen) =>
    seen.kind === 'endpoints' && spans.some((span) => isWithin(span, seen.at)) ? seen.ready.length : [],
  );
  const endpoints = Math.max(0, ...ready, ...spans.map(({ rollout }) => rollout.replicas));
  if (sent === 0 || tookMs <= 0 || endpoints === 0) return null;
  const perMs = sent / tookMs;
  const missing = 1 - 1 / endpoints;
  return {
    endpoints,
    newConnectionsPerSecond: Math.round(perMs * 10_000) / 10,
    missed: outagesMs.map((outageMs) => ({
      outageMs,
      // No fewer are due in any time as long as this.
      probability: Number((missing ** Math.floor(perMs * outageMs)).toPrecision(2)),
    })),
    seenFromMs: Math.ceil(Math.max(1, missing === 0 ? 1 : Math.ceil(Math.log(rarely) / Math.log(missing))) / perMs),
  };
}

/** What can't be judged where no answer says its version. */
export function withoutVersions({ asked }: PlayRecord): readonly string[] {
  if (asked.version !== null) return [];
  return [
    'Nothing tells which version gave an answer, so answers of a version that should not answer any more are not judged. Say where it stands by --version-header or --version-json.',
  ];
}
