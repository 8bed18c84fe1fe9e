/** The look of the page: one column of text, in the reader's own mode. */
export const pageStyle = `
:root{color-scheme:light dark;--page:#fdfcf9;--text:#23211d;--quiet:#6f6a60;--line:#e0dacd;--bad:#c4122f}
@media (prefers-color-scheme:dark){:root{--page:#17181b;--text:#e9e6df;--quiet:#a19c91;--line:#3a3b40;--bad:#ff5d62}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 "Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,serif}
main{max-width:952px;margin:0 auto;padding:40px 16px 64px}
h1{font-size:clamp(28px,5vw,40px);line-height:1.15;font-weight:500;margin:4px 0 12px;letter-spacing:-.01em}
h2{font-size:20px;font-weight:600;margin:52px 0 8px}
p{margin:0 0 8px;max-width:78ch}
.verdict{font-weight:600;font-variant-caps:all-small-caps;letter-spacing:.06em}
.failed .verdict,.failed h1,td.bad{color:var(--bad)}
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
.scroll{overflow-x:auto;max-width:100%}
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
