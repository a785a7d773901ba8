"""An answer that is not there yet: what it waits for is worked on together with that of other calls.

Who can wait so calls a method with a context that takes it (`Waiting`); any other caller gets the answer itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class Waiting:
    """A context in which an answer may be given later."""


@dataclass(frozen=True, slots=True)
class Later:
    """`finish` gives the answer, or raises, once it is told what came of `item` beside those of others.

    Without an item there is nothing to be done together: it is told None, on a thread of its own.
    """

    item: Any
    finish: Callable[[Any], Any]


def guarded(make: Callable[[], Answer], refuse: Callable[[Exception], Answer]) -> Answer | Later:
    """What is made, now or later; where that raises, what `refuse` makes of it."""
    try:
        made = make()
    except Exception as error:
        return refuse(error)
    if isinstance(made, Later):
        finish = made.finish
        return Later(made.item, lambda outcome: guarded(lambda: finish(outcome), refuse))
    return made


def concluded(make: Callable[[], Answer], conclude: Callable[[bool], object]) -> Answer | Later:
    """What is made, now or later; `conclude` is told when that ended, and whether it was made."""
    try:
        made = make()
    except BaseException:
        conclude(False)  # noqa: FBT003 - the one thing that it is told
        raise
    if isinstance(made, Later):
        finish = made.finish
        return Later(made.item, lambda outcome: concluded(lambda: finish(outcome), conclude))
    conclude(True)  # noqa: FBT003 - as above
    return made
