"""A small histogram as inline SVG."""

from html import escape

import numpy as np

WIDTH, HEIGHT, BARS = 300, 110, 30


def histogram(values: np.ndarray, low: float, high: float, title: str) -> str:
    """An SVG of the share of `values` (N,) in each of 30 bars from `low` to `high`; what lies beyond is in the end bars."""
    if high <= low:
        high = low + 1
    counts, _ = np.histogram(np.clip(values, low, high), BARS, (low, high))
    tall, step, base = HEIGHT - 32, WIDTH / BARS, HEIGHT - 16
    bars = "".join(
        f'<rect x="{i * step:.1f}" y="{base - tall * n / counts.max():.1f}" width="{step - 1:.1f}" '
        f'height="{tall * n / counts.max():.1f}" fill="#3b6ea5"/>'
        for i, n in enumerate(counts) if n
    )
    middle = float(np.median(values))
    x = WIDTH * (min(max(middle, low), high) - low) / (high - low)
    anchor = "end" if x > WIDTH / 2 else "start"
    label = f"{title}: {len(values)} pictures, median {middle:.0f}, {values.min():.0f} to {values.max():.0f}"
    return (
        f'<svg role="img" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"><title>{escape(label)}</title>{bars}'
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="12" y2="{base}" stroke="#b03a2e"/>'
        f'<text x="{x:.1f}" y="10" text-anchor="{anchor}">median {middle:.0f}</text>'
        f'<line x1="0" x2="{WIDTH}" y1="{base}" y2="{base}" stroke="#444"/>'
        f'<text x="0" y="{HEIGHT - 3}">{low:.0f}</text>'
        f'<text x="{WIDTH}" y="{HEIGHT - 3}" text-anchor="end">{high:.0f}</text></svg>'
    )
