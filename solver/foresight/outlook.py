"""What is likely to be asked for within some time: a distribution over whole units, by its mean and its variance."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Negative binomial where the variance is above the mean, else Poisson."""

    mean: float
    variance: float

    def chance_above(self, units: int) -> float:
        """The probability that more than so many units are asked for."""
        if units < 0:
            return 1.0
        if self.mean <= 0:
            return 0.0
        from scipy.stats import nbinom, poisson  # late: see solver.late

        if self._is_poisson():
            return float(poisson.sf(units, self.mean))
        return float(nbinom.sf(units, *self._shape()))

    def quantile(self, chance: float) -> int:
        """The least number of units that with this probability is enough."""
        if self.mean <= 0:
            return 0
        from scipy.stats import nbinom, poisson  # late: see solver.late

        if self._is_poisson():
            return int(poisson.ppf(chance, self.mean))
        return int(nbinom.ppf(chance, *self._shape()))

    def over(self, share: float) -> "Outlook":
        """The outlook for this share of the time (above 1: for longer), periods taken as independent."""
        return Outlook(mean=self.mean * share, variance=self.variance * share)

    def _is_poisson(self) -> bool:
        return self.variance <= self.mean * 1.000_001

    def _shape(self) -> tuple[float, float]:
        number = self.mean**2 / (self.variance - self.mean)
        return number, number / (number + self.mean)
