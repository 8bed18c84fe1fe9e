import { element, escape } from '../markup.ts';
import type { Figures, Second } from '../schema.ts';
import { count, listed, seconds } from '../words.ts';
import type { Band, Frame } from './frame.ts';
import { lossLabels } from './losses.ts';
import { runs } from './runs.ts';
import { bandTitle, gridLine } from './text.ts';
import { type Tones, versionsOf } from './versions.ts';

const top = 38;
const height = 110;
const bottom = top + height;

/** One lost request of hundreds would be thinner than a line: what is lost is drawn at least this high. */
const leastLossHeight = 5;

/** Bars reach under their neighbours by so many pixels: rounded to whole ones they would leave gaps. */
const overlap = 0.6;

/** The requests of one second and when it began. */
export type Bar = Second & { readonly atMs: number };

/** Requests per second, stacked by the version that answered; what was lost lies on top and is counted above. */
export function requestsBand(frame: Frame, { timeline }: Figures, tones: Tones): Band {
  const bars = timeline.filter((entry) => entry.kind === 'requests');
  const versions = versionsOf(timeline);
  const most = Math.max(1, ...bars.map((bar) => perSecond(bar, answered(bar) + bar.failed)));
  const svg = [
    gridLine(frame, top, count(Math.round(most))),
    gridLine(frame, bottom, '0'),
    ...bars.map((bar) => stack(frame, bar, versions, tones, height / most)),
  ];
  const words = [
    bandTitle(frame, 'Requests per second, by the version that answered'),
    ...versions.flatMap((version) => versionLabels(frame, bars, version)),
    lossLabels(frame, bars, top - 6),
  ];
  return { height: bottom, svg: svg.join(''), words: words.join('') };
}

function stack(frame: Frame, bar: Bar, versions: readonly string[], tones: Tones, pixelsPerRate: number): string {
  const x = frame.x(bar.atMs);
  const width = frame.x(bar.atMs + bar.durationMs) - x + overlap;
  const depth = (requests: number): number => perSecond(bar, requests) * pixelsPerRate;
  let y = bottom;
  const layer = (tone: string, layerHeight: number): string => {
    y -= layerHeight;
    return layerHeight === 0 ? '' : element('rect', { class: tone, x, y, width, height: layerHeight });
  };
  return element(
    'g',
    { class: 'bars' },
    tooltip(bar),
    ...versions.map((version) => layer(tones(version), depth(bar.answers[version] ?? 0))),
    bar.failed === 0 ? '' : layer('lost', Math.max(leastLossHeight, depth(bar.failed))),
  );
}

/** Names a version in the middle of each time in which it answered nearly alone. */
function versionLabels(frame: Frame, bars: readonly Bar[], version: string): readonly string[] {
  const nearlyAlone = (bar: Bar): boolean => (bar.answers[version] ?? 0) > 0.8 * (answered(bar) + bar.failed);
  return runs(bars, nearlyAlone).flatMap(([first, last]) => {
    const from = frame.x(first.atMs);
    const to = frame.x(last.atMs + last.durationMs);
    const place = { class: 'on-tone', x: (from + to) / 2, y: top + height / 2 + 4, 'text-anchor': 'middle' };
    return to - from < 20 ? [] : element('text', place, escape(version));
  });
}

function tooltip({ atMs, answers, failed, failures }: Bar): string {
  const lost = failed === 0 ? '' : `; lost: ${listed(failures)}`;
  return element('title', {}, escape(`${seconds(atMs)}: ${listed(answers)}${lost}`));
}

function answered({ answers }: Bar): number {
  return Object.values(answers).reduce((sum, times) => sum + times, 0);
}

function perSecond({ durationMs }: Bar, requests: number): number {
  return (requests / Math.max(1, durationMs)) * 1_000;
}
