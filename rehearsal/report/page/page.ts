import { element, escape } from '../markup.ts';
import { inlinePicture } from '../picture/inline.ts';
import { pictureStyle } from '../picture/style.ts';
import type { Figures, Report } from '../schema.ts';
import { controlLine, headline, subline } from '../sentences.ts';
import { listed } from '../words.ts';
import { clientsTable, rolloutsTable } from './figures.ts';
import { notes } from './notes.ts';
import { pageStyle } from './style.ts';

const wide = 920;
const narrow = 358;

/** The page may load nothing and run nothing: what it shows is in it. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

/** report.html: the whole report as one page that needs nothing else. */
export function page(report: Report): string {
  const body = [
    element('header', { class: report.verdict }, ...opening(report)),
    ...list('Why the verdict is no', report.reasons),
    figure('played', 'The rollouts under load', caption, report),
    element('h2', {}, 'Figures'),
    element('div', { class: 'tables' }, rolloutsTable(report), clientsTable(report)),
    ...control(report),
    ...notes(report),
    element('footer', {}, 'Times count from the start of the play. A request’s latency counts from when it was due.'),
  ];
  return `<!doctype html>\n${element('html', { lang: 'en' }, head(report), element('body', {}, element('main', {}, ...body)))}\n`;
}

const caption =
  'Each bar is one second of requests, by when they were due. Each line below is one pod. A request that was lost is red, and has a cross and a count above it.';

function head(report: Report): string {
  return element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    element('title', {}, escape(`${headline(report)} – zerodrop rehearsal`)),
    element('style', {}, `${pageStyle}\n${pictureStyle}`),
  );
}

function opening(report: Report): readonly string[] {
  const verdict = report.verdict === 'passed' ? '✓ passed' : '✗ failed';
  const said = controlLine(report);
  return [
    element('p', { class: 'verdict' }, `Rehearsal ${verdict}`),
    element('h1', {}, escape(headline(report))),
    element('p', {}, escape(subline(report))),
    said === null ? '' : element('p', {}, escape(said)),
  ];
}

function control(report: Report): readonly string[] {
  if (report.control === null) return [];
  const lost = report.control.clients.map(({ kind, failures }) => `${kind}: ${listed(failures) || 'nothing'}`);
  const words = `${controlLine(report) ?? ''} It has to lose some: a rehearsal that never sees a loss proves nothing. ${lost.join('; ')}.`;
  return [
    element('h2', {}, 'The control'),
    element('p', {}, escape(words)),
    figure('control', 'The control under load', 'The same scenes and the same load.', report.control),
  ];
}

/** A picture for wide windows and one for narrow ones: what is only scaled down can't be read on a phone. */
function figure(id: string, title: string, words: string, figures: Figures): string {
  return element(
    'figure',
    {},
    element('div', { class: 'wide' }, inlinePicture(`${id}-wide`, wide, title, figures)),
    element('div', { class: 'narrow' }, inlinePicture(`${id}-narrow`, narrow, title, figures)),
    element('figcaption', {}, escape(words)),
  );
}

/** A heading and a list, or nothing where there is nothing to list. */
function list(heading: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  return [element('h2', {}, heading), element('ul', {}, ...items.map((item) => element('li', {}, escape(item))))];
}
