import { element, escape } from '../markup.ts';
import type { Report } from '../schema.ts';
import { controlLine, headline, subline } from '../sentences.ts';
import { controlBand } from './control.ts';
import { type Band, type Frame, frameOf, timeShown } from './frame.ts';
import { description, labelled } from './inline.ts';
import { playBand } from './play.ts';
import { stackBands } from './stack.ts';
import { pictureStyle } from './style.ts';

const width = 880;
const margin = 22;
const id = 'rehearsal';

/** report.svg: the picture as a file of its own, with the control below it on the same scale of time. */
export function standalonePicture(report: Report): string {
  const frame = frameOf(id, width - 2 * margin, timeShown(report));
  const control = report.control === null ? [] : [controlBand(report.control, controlLine(report) ?? '', frame)];
  const { height, svg, words } = stackBands([heading(report, frame), playBand(frame, report), ...control], 26);
  const outer = Math.ceil(height) + 2 * margin;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'picture',
      viewBox: `0 0 ${width} ${outer}`,
      width,
      height: outer,
      ...labelled(id),
    },
    ...description(id, `zerodrop rehearsal: ${headline(report)}`, report),
    element('style', {}, pictureStyle),
    element('rect', { class: 'paper', width, height: outer, rx: 6 }),
    element('g', { transform: `translate(${margin} ${margin})` }, svg, words),
  );
}

function heading(report: Report, { left }: Frame): Band {
  const tone = report.verdict === 'passed' ? 'headline' : 'headline lost';
  const verdict = report.verdict === 'passed' ? headline(report) : `${headline(report)}: failed`;
  const svg = [
    element('text', { class: tone, x: left, y: 18 }, escape(verdict)),
    element('text', { class: 'subline', x: left, y: 40 }, escape(subline(report))),
  ];
  return { height: 44, svg: svg.join(''), words: '' };
}
