/** The look of the report, on a screen and on A4. Colours keep a contrast of at least 4.5 to 1 on white. */
export const style = `
:root { --ink: #17232e; --muted: #51606d; --line: #d3dae0; --blue: #0b5a88; --red: #a93a1c; --wash: #f3f6f8; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 28px; max-width: 920px; color: var(--ink); background: #fff;
  font: 15px/1.5 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 27px; line-height: 1.2; margin: 0 0 2px; }
h2 { font-size: 18px; margin: 34px 0 8px; padding-top: 10px; border-top: 2px solid var(--ink); }
p { margin: 6px 0; max-width: 76ch; }
.muted, figcaption, caption { color: var(--muted); font-size: 13px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(148px, 1fr)); gap: 10px; margin: 20px 0 14px; }
.card { background: var(--wash); border-left: 4px solid var(--blue); padding: 10px 14px; }
.card.error { border-color: var(--red); }
.card b { display: block; font-size: 25px; line-height: 1.25; font-variant-numeric: tabular-nums; }
.card span { display: block; font-size: 13px; color: var(--muted); }
.card .what { color: var(--ink); font-weight: 600; }
table { border-collapse: collapse; margin: 8px 0; font-variant-numeric: tabular-nums; }
table.wide { width: 100%; }
caption { text-align: left; padding-bottom: 4px; }
th, td { padding: 4px 10px; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; }
thead th { border-bottom: 2px solid var(--ink); font-size: 13px; vertical-align: bottom; }
td.n, th.n { text-align: right; white-space: nowrap; }
td small { display: block; color: var(--muted); font-size: 12px; }
.matrix td { text-align: right; min-width: 44px; border: 1px solid #fff; }
.matrix td small { color: inherit; white-space: nowrap; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 10px 26px; align-items: start; }
.notes { background: #fff7e6; border-left: 4px solid #9a6400; padding: 8px 14px; margin: 14px 0; }
.notes ul { margin: 4px 0; padding-left: 18px; }
figure { margin: 8px 0; }
svg { width: 100%; height: auto; display: block; }
svg text { font: 12px system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; fill: var(--ink); }
.wrong { display: grid; grid-template-columns: repeat(auto-fill, minmax(124px, 1fr)); gap: 14px 12px; }
.wrong figure { margin: 0; }
.wrong img { width: 100%; height: 124px; object-fit: contain; background: var(--wash); display: block; image-rendering: auto; }
.wrong figcaption { font-size: 12px; line-height: 1.35; padding-top: 3px; overflow-wrap: anywhere; }
.wrong b { color: var(--ink); }
.tag { color: #fff; background: var(--red); padding: 0 5px; font-weight: 600; white-space: nowrap; }
.tag.good { background: #1f6b3f; }
.tag.mild { background: var(--muted); }
code { font: 12.5px ui-monospace, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.sign { display: grid; grid-template-columns: 2fr 1fr 2fr; gap: 28px; margin-top: 44px; }
.sign div { border-top: 1px solid var(--ink); padding-top: 4px; font-size: 13px; color: var(--muted); }
@media (max-width: 640px) { .two { grid-template-columns: 1fr; } }
@page { size: A4; margin: 14mm 13mm; }
@media print {
  body { padding: 0; max-width: none; font-size: 9.5pt; }
  .cards { grid-template-columns: repeat(auto-fit, minmax(118px, 1fr)); gap: 7px; }
  .wrong { grid-template-columns: repeat(6, 1fr); }
  .wrong img { height: 100px; }
  .lead { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2 { break-after: avoid; margin-top: 22px; }
  figure, table, .card, .notes, .sign, tr, .words { break-inside: avoid; }
}
`;
