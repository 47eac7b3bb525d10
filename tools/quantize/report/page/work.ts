import { type Html, html } from '../../../evaluate/report/html.ts';
import { effectOf } from '../explain.ts';
import type { Report } from '../report.ts';

/** What was done, from the file to the integers. */
export function workSection({ passes, calibration, optimised, tuning, sensitivity }: Report): Html {
  const rows = passes.map((record) => {
    const idle = effectOf(record) === 'nothing to do';
    return html`<tr><th scope="row">${record.pass}</th><td class="n">${record.nodesBefore} → ${record.nodesAfter}</td>
      <td class="${idle ? 'quiet' : ''}">${effectOf(record)}</td></tr>`;
  });
  const left = Object.entries(optimised)
    .map(([operator, count]) => `${count} ${operator}`)
    .join(', ');
  return html`<table><caption>The passes of the compiler, in their order</caption>
    <thead><tr><th>pass</th><th class="n">nodes</th><th>what it did</th></tr></thead><tbody>${rows}</tbody></table>
    ${rangesText(calibration)}
    ${tuningTable(tuning)}${sensitivityTable(sensitivity)}
    <p>What onnxruntime really runs on this machine: ${left}.</p>`;
}

function rangesText({ pictures, observers: [used, ...others] }: Report['calibration']): Html {
  const db = (used?.logitSqnrDb ?? 0).toFixed(1);
  if (used?.observer === 'as given') {
    return html`<p>Scales are <b>those of the file</b>; its logits on held-out ones of ${pictures} pictures stand ${db} dB above the noise.</p>`;
  }
  const rest = others.map(({ observer, logitSqnrDb }) => `${observer} ${logitSqnrDb.toFixed(1)} dB`).join(', ');
  return html`<p>Ranges come from ${pictures} pictures by <b>${used?.observer ?? ''}</b>, whose logits on held-out ones stand
    ${db} dB above the noise${rest === '' ? '' : ` (the other ways: ${rest})`}.</p>`;
}

function tuningTable(tuning: Report['tuning'] = []): Html {
  if (tuning.length === 0) return html``;
  const rows = tuning.map(
    ({ step, logitSqnrDb, kept }) =>
      html`<tr><th scope="row">${step}</th><td class="n">${logitSqnrDb.toFixed(1)} dB</td><td>${kept ? 'kept' : ''}</td></tr>`,
  );
  return html`<details><summary>All ${tuning.length} ways that were tried</summary><table><caption>How well the logits follow the float
    model on held-out calibration pictures</caption><tbody>${rows}</tbody></table></details>`;
}

function sensitivityTable(sensitivity: Report['sensitivity'] = []): Html {
  if (sensitivity.length === 0) return html``;
  const rows = sensitivity.map(
    ({ layer, logitSqnrDb }) =>
      html`<tr><th scope="row">${layer}</th><td class="n">${logitSqnrDb.toFixed(1)} dB</td></tr>`,
  );
  return html`<details><summary>What each of ${sensitivity.length} layers costs alone</summary><table><caption>The logits with only this
    layer in integers; the first are those that --keep-float helps most</caption><tbody>${rows}</tbody></table></details>`;
}

/** Sizes and latencies as bars. */
export function costSection({ sizeBytes, esp, latencyMs, machine }: Report): Html {
  const size = (name: string, bytes: number, int8: boolean) => ({
    name,
    value: bytes,
    text: `${(bytes / 1000).toFixed(1)} kB`,
    int8,
  });
  const sizes = [
    size('float ONNX', sizeBytes.float, false),
    size('INT8 ONNX', sizeBytes.int8, true),
    ...(esp ? [size('INT8 TFLite', esp.sizeBytes, true), size('arena on the ESP32', esp.arenaBytes, true)] : []),
  ];
  const times = (['float', 'int8'] as const).map((model) => ({
    name: model === 'float' ? 'float' : 'INT8',
    value: latencyMs[model].median,
    text: `${latencyMs[model].median} ms (least ${latencyMs[model].min})`,
    int8: model === 'int8',
  }));
  return html`<div class="two"><div><h3>Size</h3>${bars(sizes)}</div><div><h3>Time for one picture, one thread, median</h3>${bars(times)}
    <p class="muted">${machine}. Both models ran in turns, so that whatever else the machine did falls on both.</p></div></div>`;
}

function bars(
  rows: readonly { readonly name: string; readonly value: number; readonly text: string; readonly int8: boolean }[],
): Html {
  const most = Math.max(...rows.map(({ value }) => value));
  const share = (value: number) => ((60 * value) / (most || 1)).toFixed(1);
  return html`<div class="bars">${rows.map(
    ({ name, value, text, int8 }) =>
      html`<span>${name}</span><span class="bar"><i class="${int8 ? 'int8' : ''}" style="width:${share(value)}%"></i>${text}</span>`,
  )}</div>`;
}
