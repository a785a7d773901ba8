"""What a plan says of the person who decided it."""

from dataclasses import replace

from solver.fulfilment.overriding.model import Override
from solver.sourcing.explanation import chinese, english
from solver.sourcing.plan import Plan


def told(plan: Plan, override: Override) -> Plan:
    """The plan with a sentence on who decided it, why, and what that costs."""
    said, said_zh = sentence(plan, override), sentence_zh(plan, override)
    return replace(
        plan,
        why=f"{english.why(plan)} {said}",
        why_zh=f"{chinese.why(plan)}{said_zh}",
        notes=(*plan.notes, said),
        notes_zh=(*plan.notes_zh, said_zh),
    )


def sentence(plan: Plan, override: Override) -> str:
    """Who decided it, why, and what that costs."""
    extra = f"{plan.money(abs(override.extra_minor))} {plan.currency}"
    other = "cheaper" if override.extra_minor >= 0 else "dearer"
    rules = f" It breaks {', '.join(override.rules)}." if override.rules else ""
    return f"Decided by {override.by}: {override.reason}. The optimiser's plan would be {extra} {other}.{rules}"


def sentence_zh(plan: Plan, override: Override) -> str:
    """The same in Chinese."""
    extra = f"{plan.money(abs(override.extra_minor))} {plan.currency}"
    more = "多" if override.extra_minor >= 0 else "少"
    rules = f"违反规则：{'、'.join(override.rules)}。" if override.rules else ""
    return f"由 {override.by} 人工决定：{override.reason}。比系统方案{more} {extra}。{rules}"
