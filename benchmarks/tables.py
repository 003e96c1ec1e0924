"""The measured costs as Markdown tables."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from measure import Cost, Measured

SCENARIOS = ("cold", "again", "one abstract edited")


def size_table(talks: int, rounds: int, measured: dict[str, Measured], reference: str) -> str:
    """One row for each generator: seconds with their spread and ratio, seconds of the processors, memory."""
    beside = measured.get(reference)
    ratio = f", × {reference}" if beside else ""
    lines = [
        f"{talks:,} talks, {rounds} round{'s' if rounds > 1 else ''}; seconds: median (min–max){ratio}",
        "",
        f"| | {' | '.join(SCENARIOS)} | CPU s | peak MiB, largest process / all |",
        "|---|" + "---|" * len(SCENARIOS) + "---|---|",
    ]
    for name, found in measured.items():
        cells = [_seconds(found.costs[each], beside.costs[each] if beside else None) for each in SCENARIOS]
        cpu = " / ".join(_digits(median(cost.cpu for cost in found.costs[each])) for each in SCENARIOS)
        lines.append(f"| {name} | {' | '.join(cells)} | {cpu} | {_memory(found)} |")
    return "\n".join(lines)


def _memory(found: Measured) -> str:
    # What is looked at now and then misses the last step of a process, which the system does not.
    return f"{found.largest:.0f} / {max(found.largest, found.together):.0f}"


def _seconds(costs: list[Cost], beside: list[Cost] | None) -> str:
    walls = [cost.wall for cost in costs]
    text = f"{_digits(median(walls))} ({_digits(min(walls))}–{_digits(max(walls))})"
    return f"{text} × {median(walls) / median(cost.wall for cost in beside):.2f}" if beside else text


def _digits(seconds: float) -> str:
    """Three digits that mean something."""
    return f"{seconds:.3f}" if seconds < 1 else f"{seconds:.2f}" if seconds < 10 else f"{seconds:.1f}"


def growth_table(measured: dict[int, dict[str, Measured]]) -> str:
    """What one more talk, with its speaker, costs between each two sizes: growing, it is not linear."""
    steps = list(pairwise(sorted(measured)))
    heads = [f"{low:,} to {high:,}" for low, high in steps]
    lines = [
        "One more talk, cold: milliseconds, milliseconds of the processors, KiB of the largest process",
        "",
        f"| | {' | '.join(heads)} |",
        "|---|" + "---|" * len(heads),
    ]
    for name in measured[steps[0][0]]:
        cells = [_growth(measured[low][name], measured[high][name], high - low) for low, high in steps]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _growth(few: Measured, many: Measured, more: int) -> str:
    low, high = few.costs[SCENARIOS[0]], many.costs[SCENARIOS[0]]
    wall = median(cost.wall for cost in high) - median(cost.wall for cost in low)
    cpu = median(cost.cpu for cost in high) - median(cost.cpu for cost in low)
    memory = (many.largest - few.largest) * 1024
    return f"{wall / more * 1000:.2f} ms, {cpu / more * 1000:.2f} ms, {memory / more:.1f} KiB"
