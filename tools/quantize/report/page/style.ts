/** The look of the report, light and dark, on a screen and on paper. Text keeps a contrast of at least 4.5 to 1. */
export const style = `
:root { color-scheme: light dark; --paper: #fff; --ink: #17232e; --muted: #51606d; --line: #d3dae0; --wash: #f3f6f8;
  --float: #6b7885; --int8: #0b5a88; --warn: #8a5a00; --warn-wash: #fff7e6; --bad: #a93a1c; --good: #1f6b3f; --tag: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12191f; --ink: #e6ebef; --muted: #9fadb9; --line: #33404b; --wash: #1b252d;
    --float: #8d9aa6; --int8: #5db2e4; --warn: #e0ac4c; --warn-wash: #2a2415; --bad: #f08a68; --good: #6cc48f; --tag: #12191f; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 28px 60px; max-width: 940px; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 27px; line-height: 1.2; margin: 0 0 2px; }
h2 { font-size: 18px; margin: 36px 0 8px; padding-top: 10px; border-top: 2px solid var(--ink); }
p { margin: 6px 0; max-width: 76ch; }
.lead { font-size: 17px; margin: 14px 0; }
.muted, figcaption, caption, small { color: var(--muted); font-size: 13px; }
.verdict { border-left: 5px solid var(--good); background: var(--wash); padding: 10px 16px; margin: 18px 0; }
.verdict.bad { border-color: var(--bad); }
.verdict.open { border-color: var(--warn); }
.notes { background: var(--warn-wash); border-left: 5px solid var(--warn); padding: 8px 16px; margin: 14px 0; }
.notes ul { margin: 4px 0; padding-left: 18px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 10px; margin: 18px 0; }
.card { background: var(--wash); border-top: 3px solid var(--int8); padding: 10px 14px; }
.card b { display: block; font-size: 25px; line-height: 1.25; font-variant-numeric: tabular-nums; }
.card span { display: block; font-size: 13px; color: var(--muted); }
.card .what { color: var(--ink); font-weight: 600; }
table { border-collapse: collapse; margin: 8px 0; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: 4px; }
th, td { padding: 4px 10px; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid var(--ink); font-size: 13px; vertical-align: bottom; }
tbody th { white-space: nowrap; font-weight: 600; }
td.n, th.n { text-align: right; white-space: nowrap; }
td.quiet { color: var(--muted); }
.bars { display: grid; grid-template-columns: max-content 1fr; gap: 6px 14px; align-items: center; margin: 10px 0; }
.bars .bar { display: flex; gap: 8px; align-items: center; white-space: nowrap; font-variant-numeric: tabular-nums; }
.bars i { display: block; height: 18px; background: var(--float); min-width: 2px; }
.bars i.int8 { background: var(--int8); }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 10px 30px; align-items: start; }
h3 { font-size: 15px; margin: 14px 0 2px; }
figure { margin: 8px 0; }
svg { width: 100%; height: auto; display: block; }
svg text { font: 12px system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; fill: var(--ink); }
svg .quiet { fill: var(--muted); }
svg .grid { stroke: var(--line); fill: none; }
svg .float { fill: var(--float); stroke: var(--float); }
svg .int8 { fill: var(--int8); stroke: var(--int8); }
svg .weak { fill: var(--bad); stroke: var(--bad); }
svg text.weak { stroke: none; }
svg .limit { stroke: var(--bad); stroke-dasharray: 4 3; fill: none; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(138px, 1fr)); gap: 14px 12px; }
.pictures figure { margin: 0; }
.pictures img { width: 100%; height: 128px; object-fit: contain; background: var(--wash); display: block; }
.pictures figcaption { font-size: 12px; line-height: 1.4; padding-top: 3px; overflow-wrap: anywhere; }
.pictures b { color: var(--ink); }
.tag { color: var(--tag); background: var(--muted); padding: 0 5px; font-weight: 600; white-space: nowrap; }
.tag.lost { background: var(--bad); }
.tag.won { background: var(--good); }
summary { cursor: pointer; color: var(--int8); }
code { font: 12.5px ui-monospace, "Liberation Mono", monospace; overflow-wrap: anywhere; }
@media (max-width: 640px) { .two { grid-template-columns: 1fr; } body { padding: 20px 14px 40px; } }
@page { size: A4; margin: 14mm 13mm; }
@media print {
  body { padding: 0; max-width: none; font-size: 9.5pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2 { break-after: avoid; }
  figure, .card, .notes, .verdict, tr { break-inside: avoid; }
}
`;
