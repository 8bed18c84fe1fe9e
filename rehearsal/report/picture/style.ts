/**
 * The look of a picture. Its colours are variables, so that a page may show it in a mode of its own; a picture that stands alone
 * follows the reader's system.
 */
export const pictureStyle = `
.picture{
--paper:#fdfcf9;--ink:#23211d;--soft:#6f6a60;--faint:#e6e1d6;--lost:#c4122f;
--tone-0:#9db9d4;--tone-1:#e3c078;--tone-2:#a7c39c;--tone-3:#c7add0;--on-tone:#23211d;
font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink)}
@media (prefers-color-scheme:dark){.picture{
--paper:#17181b;--ink:#e9e6df;--soft:#a19c91;--faint:#34353a;--lost:#ff5d62;
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
.picture .lost-label{fill:var(--lost);font-weight:700}
.picture .cross{stroke:var(--lost);stroke-width:1.8;fill:none}
.picture .pending{stroke:currentColor;stroke-dasharray:2 2}
.picture .starting{fill:none;stroke:currentColor;stroke-width:1.2}
.picture .terminating{opacity:.6}
.picture .capacity{fill:none;stroke:var(--ink);stroke-width:1.6}
.picture .missing{stroke:var(--lost)}
.picture .hatch{stroke:var(--lost);stroke-width:2}
.picture .commit{stroke:var(--ink);opacity:.75}
.picture .moment{stroke:var(--ink);stroke-dasharray:1 3;opacity:.75}
.picture .band,.picture .number,.picture .lost-label,.picture .commit-label,.picture .moment-label{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
.picture .commit-label{font-weight:600}
`.trim();
