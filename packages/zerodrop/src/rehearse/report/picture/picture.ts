import type { PodState } from '../../../rollout/watch.ts';
import { element, escape, pictureStyle, type Tones, tonesOf } from '../markup.ts';
import type { Control, Figures, Report, RolloutFigures } from '../schema.ts';
import { controlLine, headline, listed, outOf, seconds, sentenceAndDetails, subline } from '../words.ts';
import { capacityBand, latencyBand, requestsBand } from './bands.ts';
import {
  axis,
  type Band,
  bandTitle,
  type Frame,
  frameOf,
  legend,
  lowered,
  marksBand,
  stackBands,
  textWidth,
  timeShown,
} from './frame.ts';

const gap = 18;

/** One play from top to bottom: marks, requests, pods, capacity, time. The marks run through all of it. */
function playBand(frame: Frame, figures: Figures): Band {
  const tones = tonesOf(figures);
  const bands = stackBands(
    [
      requestsBand(frame, figures, tones),
      latencyBand(frame, figures),
      podsBand(frame, figures, tones),
      capacityBand(frame, figures),
    ],
    gap,
  );
  const marks = marksBand(frame, figures, bands.height);
  const body = {
    height: marks.height + bands.height,
    svg: lowered(marks.height, bands.svg) + marks.svg,
    words: lowered(marks.height, bands.words) + marks.words,
  };
  return stackBands([body, stackBands([axis(frame), legend(frame)], 8)], 4);
}

const narrowest = 240;
const lineHeight = 19;

/**
 * The control in short, below the play that it belongs to: a second is as wide as there, and the plot ends where its play did.
 * What its clients lost stands beside it where there is room.
 */
function controlBand(control: Control, title: string, main: Frame): Band {
  const [fromMs, toMs] = timeShown(control);
  const wanted = main.width - (main.toMs - main.fromMs - (toMs - fromMs)) * perMs(main);
  const width = Math.min(main.width, Math.max(narrowest, wanted));
  const frame = frameOf(`${main.id}-control`, width, [fromMs, toMs]);
  const plot = stackBands([requestsBand(frame, control, tonesOf(control)), capacityBand(frame, control)], 16);
  const subhead = element('text', { class: 'subhead', x: frame.left, y: 14 }, escape(title));
  const head = { height: 18, svg: '', words: subhead + told(control, width + 28, main.width) };
  return stackBands([head, stackBands([plot, axis(frame)], 4)], 12);
}

function perMs({ left, right, fromMs, toMs }: Frame): number {
  return (right - left) / (toMs - fromMs);
}

function told({ clients }: Control, x: number, end: number): string {
  const lines = clients.flatMap(({ kind, sent, failed, failures }) => [
    `${kind}: ${outOf(failed, sent)} lost`,
    ...(failed === 0 ? [] : [`as ${listed(failures)}`]),
  ]);
  const fits = x + Math.max(...lines.map(textWidth)) < end;
  if (!fits) return '';
  return lines.map((line, n) => element('text', { class: 'band', x, y: 80 + n * lineHeight }, escape(line))).join('');
}

const fileWidth = 880;
const margin = 22;
const fileId = 'rehearsal';
/** Roughly the width of a character of a subline, in pixels. */
const sublineCharacter = 6.9;

/** report.svg: the picture as a file of its own, with the control below it on the same scale of time. */
export function standalonePicture(report: Report): string {
  const frame = frameOf(fileId, fileWidth - 2 * margin, timeShown(report));
  const control = report.control === null ? [] : [controlBand(report.control, controlLine(report) ?? '', frame)];
  const { height, svg, words } = stackBands([heading(report, frame), playBand(frame, report), ...control], 26);
  const outer = Math.ceil(height) + 2 * margin;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'picture',
      viewBox: `0 0 ${fileWidth} ${outer}`,
      width: fileWidth,
      height: outer,
      ...labelled(fileId),
    },
    ...description(fileId, `zerodrop rehearsal: ${headline(report)}`, report),
    element('style', {}, pictureStyle),
    element('rect', { class: 'paper', width: fileWidth, height: outer, rx: 6 }),
    element('g', { transform: `translate(${margin} ${margin})` }, svg, words),
  );
}

/** The verdict, why, and what was played: a loss count of 0 says nothing of a run that failed for something else. */
function heading(report: Report, { left, right }: Frame): Band {
  const tone = { passed: 'headline', failed: 'headline lost', inconclusive: 'headline doubt' }[report.verdict];
  const why = report.verdict === 'failed' ? report.reasons[0] : report.doubts[0];
  const played = `${headline(report)}. ${subline(report)}`;
  const lines = [...(why === undefined ? [] : [sentenceAndDetails(why).sentence]), played];
  const most = Math.floor((right - left) / sublineCharacter);
  const cut = lines.map((line) => (line.length > most ? `${line.slice(0, most - 1)}…` : line));
  const svg = [
    element('text', { class: tone, x: left, y: 18 }, escape(`Rehearsal ${report.verdict}`)),
    ...cut.map((line, n) => element('text', { class: 'subline', x: left, y: 40 + n * lineHeight }, escape(line))),
  ];
  return { height: 25 + lines.length * lineHeight, svg: svg.join(''), words: '' };
}

/** A play as a picture for a page, drawn for a width in pixels. The page brings the style. */
export function inlinePicture(id: string, width: number, title: string, figures: Figures): string {
  const { height, svg, words } = playBand(frameOf(id, width, timeShown(figures)), figures);
  return element(
    'svg',
    { class: 'picture', viewBox: `0 0 ${width} ${Math.ceil(height)}`, ...labelled(id) },
    ...description(id, title, figures),
    svg,
    words,
  );
}

/** The attributes of a picture that is told by its title and its description. */
function labelled(id: string): Record<string, string> {
  return { role: 'img', 'aria-labelledby': `${id}-title ${id}-desc` };
}

/** A picture in words, for those who don't see it. */
function description(id: string, title: string, figures: Figures): readonly string[] {
  const sentences = [`${headline(figures)}.`, ...figures.rollouts.map(inWords)].join(' ');
  return [
    element('title', { id: `${id}-title` }, escape(title)),
    element('desc', { id: `${id}-desc` }, escape(sentences)),
  ];
}

/** A rollout in a sentence. */
export function inWords(rollout: RolloutFigures): string {
  const { name, to, failed, replicas, minimumReadyPods } = rollout;
  return [
    `The ${name} of ${to}, pushed at ${seconds(rollout.committedAtMs)}, lost ${failed} requests`,
    `was synced after ${seconds(rollout.syncedAfterMs)}`,
    `answered first after ${seconds(rollout.firstAnswerAfterMs)}`,
    `was rolled out after ${seconds(rollout.completeAfterMs)}`,
    `had no old pod after ${seconds(rollout.lastOldPodGoneAfterMs)}`,
    `and had at least ${minimumReadyPods ?? 'an unknown number'} of ${replicas} pods ready.`,
  ].join(', ');
}

const top = 20;
const most = 190;
const tallest = 12;
const shortest = 3;

/** A line for each pod: what state it was in, and for how long. Replacing them draws a staircase. */
function podsBand(frame: Frame, figures: Figures, tones: Tones): Band {
  const lives = podLives(figures).filter((life) => endOf(life) > frame.fromMs);
  const row = Math.min(tallest, Math.max(shortest, Math.floor(most / Math.max(1, lives.length))));
  const lines = lives.map((life, n) => podLine(frame, life, tones(life.version), top + n * row, row));
  const names = lives.map((life, n) =>
    life.replicaSet === lives[n - 1]?.replicaSet ? '' : setName(frame, life, top + n * row + Math.min(row, 10)),
  );
  return {
    height: top + lives.length * row,
    svg: lines.join(''),
    words: [bandTitle(frame, 'Pods'), ...names].join(''),
  };
}

function podLine(frame: Frame, life: PodLife, tone: string, y: number, row: number): string {
  const thick = row - Math.max(1, Math.round(row / 4));
  const phases = life.phases.map(({ state, fromMs, toMs }) => `${state} ${seconds(fromMs)} to ${seconds(toMs)}`);
  const title = `${life.name}, ${life.version}: ${phases.join(', ')}`;
  const shown = life.phases.filter(({ toMs }) => toMs > frame.fromMs);
  return element(
    'g',
    { class: `pod ${tone}` },
    element('title', {}, escape(title)),
    ...shown.map((phase) => shape(frame, phase, y, thick)),
  );
}

/** A state is a shape as much as a shade: a line, a hollow bar, a full bar, a bar that has sunk. */
function shape(frame: Frame, { state, fromMs, toMs }: Phase, y: number, thick: number): string {
  const x = frame.x(fromMs);
  const width = Math.max(0, frame.x(toMs) - x);
  switch (state) {
    case 'pending':
      return element('line', { class: 'pending', x1: x, x2: x + width, y1: y + thick / 2, y2: y + thick / 2 });
    case 'starting':
      return element('rect', { class: 'starting', x: x + 0.5, y: y + 0.5, width, height: Math.max(1, thick - 1) });
    case 'terminating':
      return element('rect', { class: 'terminating', x, y: y + thick * 0.6, width, height: thick * 0.4 });
    case 'ready':
    case 'failed':
      return element('rect', { class: state, x, y, width, height: thick });
  }
}

/** The version, left of the first pod of a ReplicaSet: in the margin for those that were there before. */
function setName(frame: Frame, { version, phases }: PodLife, y: number): string {
  const x = frame.x(phases[0]?.fromMs ?? 0) - 6;
  return element('text', { class: 'number', x, y, 'text-anchor': 'end' }, escape(version));
}

function endOf({ phases }: PodLife): number {
  return phases.at(-1)?.toMs ?? 0;
}

/** One pod from when it was first seen until it was seen no more. */
export interface PodLife {
  readonly name: string;
  readonly replicaSet: string;
  readonly version: string;
  readonly phases: readonly Phase[];
}

/** A time that a pod spent in one state, in milliseconds from the start of the play. */
export interface Phase {
  readonly state: PodState;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The lives of all pods, in the order in which they began. */
export function podLives({ timeline, durationMs }: Figures): readonly PodLife[] {
  const lives = new Map<string, { replicaSet: string; version: string; phases: Phase[] }>();
  const moments = timeline.filter((entry) => entry.kind === 'pods');
  for (const [n, { atMs, pods }] of moments.entries()) {
    const toMs = moments[n + 1]?.atMs ?? durationMs;
    for (const { name, replicaSet, version, state } of pods) {
      const life = lives.get(name) ?? { replicaSet, version, phases: [] };
      lives.set(name, life);
      const last = life.phases.at(-1);
      if (last?.state === state) life.phases.splice(-1, 1, { ...last, toMs });
      else life.phases.push({ state, fromMs: atMs, toMs });
    }
  }
  return [...lives].map(([name, life]) => ({ name, ...life }));
}
