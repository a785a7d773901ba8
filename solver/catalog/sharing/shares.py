"""An amount shared out by weights, to the minor unit."""

from collections.abc import Sequence


def shared_out(total_minor: int, weights: Sequence[int]) -> tuple[int, ...]:
    """The total (0 or more) in proportion to the weights (0 or more each); the shares sum to it exactly.

    Largest remainder: everyone gets his proportion rounded down, and the minor units that are left go one each to those
    who lost most by that, among equals to the first. A weight of 0 gets nothing. Raises ValueError where something is
    to be shared out and no weight is above 0.
    """
    whole = sum(weights)
    if total_minor == 0:
        return (0,) * len(weights)
    if total_minor < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError(f"{total_minor} cannot be shared out by {list(weights)}")
    shares = [total_minor * weight // whole for weight in weights]
    left = total_minor - sum(shares)
    by_loss = sorted(range(len(weights)), key=lambda one: (-(total_minor * weights[one] % whole), one))
    for one in by_loss[:left]:
        shares[one] += 1
    return tuple(shares)


def share_of_first(total_minor: int, units: int, first: int) -> int:
    """What the first so many of some alike units have of their total; the minor units left over are with the first.

    Whoever gives units back gives the last ones: what is kept longest has the larger shares.
    """
    even, left = divmod(total_minor, units)
    return even * first + min(left, first)
