"""A bar for runs: how far, how fast, how long yet; nothing where nobody looks."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text


class _OrdersPerSecond(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} orders/s" if task.speed else "", style="progress.data.speed")


def run_bar(console: Console) -> Progress:
    """Silent where the console is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _OrdersPerSecond())
    return Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal)


def change_bar(console: Console) -> Progress:
    """The same for changes that are tried."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)
