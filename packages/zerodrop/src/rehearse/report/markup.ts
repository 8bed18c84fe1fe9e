import type { Figures } from './schema.ts';

type Attributes = Readonly<Record<string, string | number>>;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// XML allows no control characters but these three, and a pod's last words may bring others.
const unprintable = /[^\P{Cc}\t\n\r]/gu;

/** Text as it may stand in HTML, SVG and XML, in an attribute too. */
export function escape(text: string): string {
  return text.replace(unprintable, '').replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** An element of HTML, SVG or XML. Attributes are escaped; children are markup, text among them escaped by the caller. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(rounded(value)))}"`);
  const opening = `<${name}${written.join('')}`;
  return children.length === 0 ? `${opening}/>` : `${opening}>${children.join('')}</${name}>`;
}

/** A tenth of a pixel is as fine as a screen shows, and keeps the files small. */
function rounded(value: string | number): string | number {
  return typeof value === 'number' ? Math.round(value * 10) / 10 : value;
}

/** The look of the page: one column of text, in the reader's own mode. */
export const pageStyle = `
:root{color-scheme:light dark;--page:#fdfcf9;--text:#23211d;--quiet:#6f6a60;--line:#e0dacd;--bad:#c4122f;--doubt:#8a5a00}
@media (prefers-color-scheme:dark){:root{--page:#17181b;--text:#e9e6df;--quiet:#a19c91;--line:#3a3b40;--bad:#ff5d62;--doubt:#e3b341}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:952px;margin:0 auto;padding:40px 16px 64px}
h1{font-size:clamp(28px,5vw,40px);line-height:1.15;font-weight:650;margin:4px 0 12px;letter-spacing:-.01em}
h2{font-size:20px;font-weight:600;margin:52px 0 8px}
p{margin:0 0 8px;max-width:78ch}
.failed h1,td.bad{color:var(--bad)}
.inconclusive h1{color:var(--doubt)}
.why{font-size:18px;overflow-wrap:anywhere}
.figure{font-weight:600}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:13px;margin:6px 0}
td.bad{font-weight:700}
.quiet,figcaption,footer,caption{color:var(--quiet)}
ul{margin:0;padding-left:20px;max-width:70ch}
li{margin:0 0 8px;overflow-wrap:anywhere}
figure{margin:28px 0 0}
figcaption{font-size:14px;margin-top:10px;max-width:76ch}
svg{display:block;width:100%;height:auto;overflow:visible}
.wide{display:none}
@media (min-width:720px){.wide{display:block}.narrow{display:none}}
.tables{display:flex;flex-wrap:wrap;gap:32px 44px}
.scroll{overflow-x:auto;max-width:100%;
background:linear-gradient(90deg,var(--page) 24px,transparent) left/48px 100% local,linear-gradient(270deg,var(--page) 24px,transparent) right/48px 100% local,
linear-gradient(90deg,var(--line),transparent) left/14px 100% scroll,linear-gradient(270deg,var(--line),transparent) right/14px 100% scroll;background-repeat:no-repeat}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums lining-nums}
caption{text-align:left;padding-bottom:6px}
th,td{padding:4px 0 4px 14px;text-align:right;vertical-align:top;font-weight:400}
thead th{color:var(--quiet)}
thead tr:first-child th{color:var(--text);text-align:right;border-bottom:1px solid var(--line)}
tbody td{white-space:pre}
tbody th{text-align:left;padding-left:0;white-space:nowrap}
tbody tr{border-top:1px solid var(--line)}
@media (max-width:480px){table{font-size:12.5px}th,td{padding-left:8px}}
details{margin-top:12px}
summary{cursor:pointer}
footer{margin-top:56px;font-size:14px}
`.trim();

/**
 * The look of a picture. Its colours are variables, so that a page may show it in a mode of its own; a picture that stands alone
 * follows the reader's system.
 */
export const pictureStyle = `
.picture{
--paper:#fdfcf9;--ink:#23211d;--soft:#6f6a60;--faint:#e6e1d6;--lost:#c4122f;--doubt:#8a5a00;
--tone-0:#9db9d4;--tone-1:#e3c078;--tone-2:#a7c39c;--tone-3:#c7add0;--on-tone:#23211d;
font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink)}
@media (prefers-color-scheme:dark){.picture{
--paper:#17181b;--ink:#e9e6df;--soft:#a19c91;--faint:#34353a;--lost:#ff5d62;--doubt:#e3b341;
--tone-0:#4d7297;--tone-1:#9a7632;--tone-2:#557a4f;--tone-3:#7a5f86;--on-tone:#fff}}
.picture .paper{fill:var(--paper)}
.picture .headline{font-size:19px;font-weight:600}
.picture .subhead{font-size:14px;font-weight:600}
.picture .subline,.picture .band,.picture .number{fill:var(--soft)}
.picture .subline{font-size:13px}
.picture .grid{stroke:var(--faint)}
.picture .tick{stroke:var(--soft)}
.picture .bars rect{shape-rendering:crispEdges}
.picture .tone-0{fill:var(--tone-0);color:var(--tone-0)}
.picture .tone-1{fill:var(--tone-1);color:var(--tone-1)}
.picture .tone-2{fill:var(--tone-2);color:var(--tone-2)}
.picture .tone-3{fill:var(--tone-3);color:var(--tone-3)}
.picture .on-tone{fill:var(--on-tone);font-weight:600}
.picture .lost,.picture .failed{fill:var(--lost)}
.picture .doubt{fill:var(--doubt)}
.picture .lost-label{fill:var(--lost);font-weight:700}
.picture .cross{stroke:var(--lost);stroke-width:1.8;fill:none}
.picture .pending{stroke:currentColor;stroke-dasharray:2 2}
.picture .starting{fill:none;stroke:currentColor;stroke-width:1.2}
.picture .terminating{opacity:.6}
.picture .capacity{fill:none;stroke:var(--ink);stroke-width:1.6}
.picture .missing{stroke:var(--lost)}
.picture .hatch{stroke:var(--lost);stroke-width:2}
.picture .slowest{fill:var(--soft);opacity:.45}
.picture .usual{fill:var(--soft)}
.picture .commit{stroke:var(--ink);opacity:.75}
.picture .moment{stroke:var(--ink);stroke-dasharray:1 3;opacity:.75}
.picture .band,.picture .number,.picture .lost-label,.picture .commit-label,.picture .moment-label{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
.picture .commit-label{font-weight:600}
`.trim();

const tones = 4;

/** Which version has which tone: the class name of a version, by the order in which versions appear. */
export type Tones = (version: string) => string;

/** The tones of a play. Its first version has the first one in every play, so that two pictures can be compared. */
export function tonesOf({ timeline }: Figures): Tones {
  const versions = versionsOf(timeline);
  return (version) => `tone-${Math.max(0, versions.indexOf(version)) % tones}`;
}

/** All versions that a play knows, in the order in which they appear. */
export function versionsOf(timeline: Figures['timeline']): readonly string[] {
  const named = timeline.flatMap((entry) => {
    if (entry.kind === 'mark') return [entry.version];
    return entry.kind === 'requests' ? Object.keys(entry.answers) : [];
  });
  return [...new Set(named)];
}
