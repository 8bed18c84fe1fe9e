import { element, escape, pageStyle, pictureStyle } from './markup.ts';
import { inlinePicture, inWords } from './picture/picture.ts';
import type { ClientFigures, Figures, Percentiles, Report, RolloutFigures } from './schema.ts';
import {
  controlLine,
  count,
  counted,
  detectionLine,
  expectedAfter,
  headline,
  listed,
  longLivedLines,
  milliseconds,
  outcome,
  seconds,
  sentenceAndDetails,
  subline,
} from './words.ts';

const wide = 920;
const narrow = 358;

/** The page may load nothing and run nothing: what it shows is in it. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

/** report.html: the whole report as one page that needs nothing else. */
export function page(report: Report): string {
  const body = [
    element('header', { class: report.verdict }, ...opening(report)),
    ...list('What can’t be trusted', report.doubts),
    ...list(report.verdict === 'failed' ? 'Why the verdict is no' : 'What was seen', report.reasons),
    ...list('What the scene allows', report.allowed.said),
    figure('played', 'The rollouts under load', playCaption, report),
    element('h2', {}, 'Figures'),
    element('div', { class: 'tables' }, rolloutsTable(report), clientsTable(report)),
    ...longLivedLines(report).map((sentence) => element('p', {}, escape(sentence))),
    element('p', {}, escape(detectionLine(report) ?? '')),
    ...control(report),
    ...notes(report),
    element('footer', {}, 'Times count from the start of the play. A request’s latency counts from when it was due.'),
  ];
  return `<!doctype html>\n${element('html', { lang: 'en' }, pageHead(report), element('body', {}, element('main', {}, ...body)))}\n`;
}

const playCaption =
  'Each bar is one second of requests, by when they were due. Each line below is one pod. A request that was lost is red, and has a cross and a count above it.';

function pageHead(report: Report): string {
  return element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    element('title', {}, escape(`Rehearsal ${outcome(report)}`)),
    element('style', {}, `${pageStyle}\n${pictureStyle}`),
  );
}

/** The verdict comes first, and then what it rests on: a loss count says nothing of a run that failed for something else. */
function opening(report: Report): readonly string[] {
  const mark = { passed: '✓', failed: '✗', inconclusive: '?' }[report.verdict];
  const said = controlLine(report);
  const why = report.verdict === 'failed' ? report.reasons[0] : report.doubts[0];
  return [
    element('h1', {}, `${mark} Rehearsal ${report.verdict}`),
    why === undefined ? '' : element('p', { class: 'why' }, escape(sentenceAndDetails(why).sentence)),
    element('p', { class: 'figure' }, `${escape(headline(report))}.`),
    element('p', {}, escape(subline(report))),
    said === null ? '' : element('p', {}, escape(said)),
  ];
}

/** Folded: once it has lost requests it is a footnote. */
function control(report: Report): readonly string[] {
  if (report.control === null) return [];
  const lost = report.control.clients.map(({ kind, failures }) => `${kind}: ${listed(failures) || 'nothing'}`);
  const words = `It has to lose requests, and ends once it has: a rehearsal that never sees a loss proves nothing. ${lost.join('; ')}.`;
  return [
    element(
      'details',
      {},
      element('summary', {}, escape(controlLine(report) ?? '')),
      element('p', {}, escape(words)),
      figure('control', 'The control under load', 'The same load, until it had lost requests.', report.control),
    ),
  ];
}

/** A picture for wide windows and one for narrow ones: what is only scaled down can't be read on a phone. */
function figure(id: string, title: string, words: string, figures: Figures): string {
  return element(
    'figure',
    {},
    element('div', { class: 'wide' }, inlinePicture(`${id}-wide`, wide, title, figures)),
    element('div', { class: 'narrow' }, inlinePicture(`${id}-narrow`, narrow, title, figures), moments(figures)),
    element('figcaption', {}, escape(words)),
  );
}

/** What a narrow picture has no room for: the moments of each rollout, which are dotted lines there. */
function moments({ rollouts }: Figures): string {
  return element('ul', { class: 'quiet' }, ...rollouts.map((rollout) => element('li', {}, escape(inWords(rollout)))));
}

/** A heading and a list, or nothing where there is nothing to list. */
function list(heading: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [element('h2', {}, heading), element('ul', {}, ...items.map(listItem))];
}

/** A sentence, and folded below it what the cluster and the pod said. */
function listItem(item: string): string {
  const { sentence, details } = sentenceAndDetails(item);
  if (details.length === 0) return element('li', {}, escape(sentence));
  const words = element('pre', {}, escape(details.join('\n')));
  return element('li', {}, escape(sentence), element('details', {}, element('summary', {}, 'What was said'), words));
}

const ofRollout: readonly Row<RolloutFigures>[] = [
  { name: 'requests', cell: ({ requests }) => count(requests) },
  { name: 'lost', cell: ({ failed }) => count(failed), isBad: ({ failed }) => failed > 0 },
  { name: 'too late', cell: ({ slow }) => count(slow), isBad: ({ slow }) => slow > 0 },
  { name: 'latency p50', cell: ({ latencyMs }) => milliseconds(latencyMs.p50) },
  { name: 'latency p99', cell: ({ latencyMs }) => milliseconds(latencyMs.p99) },
  { name: 'latency max', cell: ({ latencyMs }) => milliseconds(latencyMs.max) },
  { name: 'longest without an answer', cell: ({ longestGapMs }) => milliseconds(longestGapMs) },
  {
    name: 'least ready pods',
    cell: ({ minimumReadyPods, replicas }) => `${minimumReadyPods ?? '–'} of ${replicas}`,
    isBad: ({ minimumReadyPods, replicas }) => (minimumReadyPods ?? 0) < replicas,
  },
  { name: 'surge, unavailable', cell: ({ maxSurge, maxUnavailable }) => `${maxSurge}, ${maxUnavailable}` },
  { name: 'pushed at', cell: ({ committedAtMs }) => seconds(committedAtMs) },
  { name: 'synced after', cell: ({ syncedAfterMs }) => seconds(syncedAfterMs) },
  { name: 'first answer after', cell: ({ firstAnswerAfterMs }) => seconds(firstAnswerAfterMs) },
  {
    name: 'rolled out after',
    cell: ({ completeAfterMs }) => seconds(completeAfterMs),
    isBad: ({ completeAfterMs }) => completeAfterMs === null,
  },
  { name: 'expected after', cell: (rollout) => expectedAfter(rollout) },
  { name: 'old pods gone after', cell: ({ lastOldPodGoneAfterMs }) => seconds(lastOldPodGoneAfterMs) },
];

const ofClient: readonly Row<ClientFigures>[] = [
  { name: 'per second', cell: ({ rate }) => count(rate) },
  { name: 'requests', cell: ({ sent }) => count(sent) },
  { name: 'lost', cell: ({ failed }) => count(failed), isBad: ({ failed }) => failed > 0 },
  ...ofPercentiles('latency', ({ latencyMs }) => latencyMs),
  ...ofPercentiles('lateness', ({ latenessMs }) => latenessMs),
];

/** The figures of each rollout, the control's beside ours. */
function rolloutsTable(report: Report): string {
  return table({
    caption: 'What each rollout did',
    groups: beside(report, ({ rollouts }) => rollouts.map((rollout) => ({ name: rollout.name, subject: rollout }))),
    rows: ofRollout,
  });
}

/** The figures of each client, the control's beside ours, and what was lost by its kind. */
function clientsTable(report: Report): string {
  const all = [...report.clients, ...(report.control?.clients ?? [])];
  const kinds = [...new Set(all.flatMap(({ failures }) => Object.keys(failures)))];
  const lostAs = kinds.map((kind): Row<ClientFigures> => {
    return { name: `as ${kind}`, cell: ({ failures }) => count(failures[kind] ?? 0) };
  });
  return table({
    caption: 'What each client saw',
    groups: beside(report, ({ clients }) => clients.map((client) => ({ name: client.kind, subject: client }))),
    rows: [...ofClient.slice(0, 3), ...lostAs, ...ofClient.slice(3)],
  });
}

function beside<Shown>(report: Report, columns: (figures: Figures) => readonly Shown[]) {
  const main = { name: report.settings === 'ours' ? 'our settings' : 'the original', columns: columns(report) };
  return [main, { name: 'the control', columns: report.control === null ? [] : columns(report.control) }];
}

function ofPercentiles(what: string, of: (client: ClientFigures) => Percentiles): readonly Row<ClientFigures>[] {
  return (['p50', 'p99', 'max'] as const).map((rank) => ({
    name: `${what} ${rank}`,
    cell: (client) => milliseconds(of(client)[rank]),
  }));
}

/** A table of figures: what is compared stands in columns, so that it fits a phone. */
export interface Table<Subject> {
  readonly caption: string;
  /** Each group of columns has a name above them. */
  readonly groups: readonly { readonly name: string; readonly columns: readonly Column<Subject>[] }[];
  readonly rows: readonly Row<Subject>[];
}

interface Column<Subject> {
  readonly name: string;
  readonly subject: Subject;
}

export interface Row<Subject> {
  readonly name: string;
  cell(subject: Subject): string;
  /** Whether this is what the verdict is about and is not as it should be. */
  isBad?(subject: Subject): boolean;
}

/** Writes a table. A group without columns is left out. */
function table<Subject>({ caption, groups, rows }: Table<Subject>): string {
  const shown = groups.filter(({ columns }) => columns.length > 0);
  const columns = shown.flatMap((group) => group.columns);
  const groupNames = shown.map(({ name, columns: { length } }) =>
    element('th', { scope: 'colgroup', colspan: length }, escape(name)),
  );
  const names = columns.map(({ name }) => element('th', { scope: 'col' }, escape(name)));
  const corner = element('td', {}, '');
  const head = element('thead', {}, element('tr', {}, corner, ...groupNames), element('tr', {}, corner, ...names));
  const body = element('tbody', {}, ...rows.map((row) => line(row, columns)));
  const whole = element('table', {}, element('caption', {}, escape(caption)), head, body);
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption }, whole);
}

function line<Subject>({ name, cell, isBad }: Row<Subject>, columns: readonly Column<Subject>[]): string {
  const cells = columns.map(({ subject }) =>
    element('td', isBad?.(subject) === true ? { class: 'bad' } : {}, escape(cell(subject))),
  );
  return element('tr', {}, element('th', { scope: 'row' }, escape(name)), ...cells);
}

/** What does not change the verdict: our own warnings, what was not run, and what the cluster warned of. */
function notes(report: Report): readonly string[] {
  const notRun =
    report.notRun.length === 0 ? [] : [`Applied and not run, because the target can’t: ${report.notRun.join(', ')}.`];
  const items = [...report.warnings, ...notRun].map((item) => element('li', {}, escape(item)));
  const cluster = clusterWarnings(report);
  if (items.length === 0 && cluster === '') return [];
  return [element('h2', {}, 'Worth knowing'), items.length === 0 ? '' : element('ul', {}, ...items), cluster];
}

function clusterWarnings({ timeline }: Report): string {
  const warnings = timeline.filter((entry) => entry.kind === 'warning');
  if (warnings.length === 0) return '';
  const items = warnings.map(({ atMs, object, reason, message }) =>
    element('li', {}, escape(`${seconds(atMs)}: ${object}: ${reason}: ${message}`)),
  );
  const summary = element('summary', {}, `${counted(warnings.length, 'warning')} of the cluster`);
  return element('details', {}, summary, element('ul', {}, ...items));
}
