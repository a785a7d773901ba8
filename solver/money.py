"""Money is an integer number of minor units of one currency; no float, no division without a rounding rule."""

# ISO 4217 currencies whose minor unit is not a hundredth.
_DECIMALS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def currency_decimals(currency: str) -> int:
    """How many decimals the currency's minor unit stands for (2 unless ISO 4217 says otherwise)."""
    return _DECIMALS.get(currency, 2)


MOST_DECIMALS = 6


def format_minor(amount_minor: int, currency: str, decimals: int | None = None) -> str:
    """Minor units as people write them, without the currency: 1234 CNY -> `12.34`.

    `decimals` is how many a minor unit stands for, 0 to MOST_DECIMALS; None: the currency's own.
    """
    if decimals is None:
        decimals = currency_decimals(currency)
    sign, digits = ("-" if amount_minor < 0 else ""), str(abs(amount_minor)).rjust(decimals + 1, "0")
    if decimals == 0:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def is_currency(code: str) -> bool:
    """True for the form of an ISO 4217 code: three capital letters."""
    return len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()
