"""Codes of the trade: what makes a GTIN, an HS code, a tax item and the like sound, and what to write instead."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from solver.money import is_currency

_ISO_3166 = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
_COUNTRIES = frozenset(_ISO_3166.split())
_ISO_639 = "ar de en es fr hi id it ja ko ms nl pl pt ru sv th tr uk vi zh"
_LANGUAGES = frozenset(_ISO_639.split())
_GTIN_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format by its check, which says what is wrong ("": nothing), and by an example."""

    wrong: Callable[[str], str]
    example: str


def check_digit(digits: str) -> int:
    """The last digit that belongs behind these: GS1 General Specifications 7.9, weights 3 and 1 from the right."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -weighted % 10


def _gs1(text: str, lengths: tuple[int, ...], what: str) -> str:
    if not (text.isascii() and text.isdigit()) or len(text) not in lengths:
        return f"{what} has {' or '.join(str(length) for length in lengths)} digits"
    wanted = check_digit(text[:-1])
    if int(text[-1]) != wanted:
        return f"the check digit is wrong: behind {text[:-1]} it is {wanted}; look at the code again"
    return ""


def _isbn(text: str) -> str:
    return _gs1(text, (13,), "an ISBN") or ("" if text[:3] in ("978", "979") else "an ISBN begins with 978 or 979")


def _hs_code(text: str) -> str:
    if not re.fullmatch(r"\d{6}(\d{2}){0,2}", text, re.ASCII):
        return "an HS code has 6, 8 or 10 digits, without dots"
    chapter = int(text[:2])
    return "" if 1 <= chapter <= 97 and chapter != 77 else f"the Harmonized System has no chapter {text[:2]}"


def _un_number(text: str) -> str:
    found = re.fullmatch(r"UN(\d{4})", text, re.ASCII)
    sound = found is not None and 4 <= int(found[1]) <= 3_600
    return "" if sound else "give UN and four digits, from UN0004 on"


def _matching(pattern: str, says: str) -> Callable[[str], str]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: "" if compiled.fullmatch(text) else says


FORMATS: Mapping[str, Format] = {
    "gtin": Format(wrong=lambda text: _gs1(text, _GTIN_LENGTHS, "a GTIN"), example="6901028075831"),
    "gln": Format(wrong=lambda text: _gs1(text, (13,), "a GLN"), example="6901234567892"),
    "isbn": Format(wrong=_isbn, example="9787111213826"),
    "hs_code": Format(wrong=_hs_code, example="8516711000"),
    "ciq_code": Format(wrong=_matching(r"\d{3}", "a CIQ code has 3 digits"), example="101"),
    "tax_item": Format(
        wrong=_matching(r"[1-6]\d{18}", "a tax item has 19 digits, of which the first is 1 to 6"),
        example="1090512010000000000",
    ),
    "un_number": Format(wrong=_un_number, example="UN1266"),
    "country": Format(
        wrong=lambda text: "" if text in _COUNTRIES else "give two letters of ISO 3166-1, such as CN", example="CN"
    ),
    "language": Format(
        wrong=lambda text: "" if text in _LANGUAGES else "give two letters of ISO 639-1, such as zh", example="zh"
    ),
    "currency": Format(
        wrong=lambda text: "" if is_currency(text) else "give a code of ISO 4217, such as CNY", example="CNY"
    ),
    "url": Format(
        wrong=_matching(r"https?://[^\s|/]+(/[^\s|]*)?", "give an address that begins with https:// or http://"),
        example="https://example.com/1.jpg",
    ),
    "food_licence": Format(wrong=_matching(r"SC\d{14}", "give SC and 14 digits"), example="SC10631011600123"),
    "ccc_certificate": Format(
        wrong=_matching(r"\d{16}", "a CCC certificate has 16 digits"), example="2020010703123456"
    ),
    "ip_rating": Format(
        wrong=_matching(r"IP[0-6X][0-9X]", "give IP and two signs, such as IP67 or IPX4"), example="IP67"
    ),
}
