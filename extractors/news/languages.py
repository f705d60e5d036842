"""The language of a text and the zone of those who write it."""

import re
from zoneinfo import ZoneInfo

_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_HAN = re.compile("[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_TRADITIONAL = re.compile(
    "[這個們來說國對時會學發後為與機電車開關長東過還點無頭業錢價場體實際請問據該讓經濟報導營運產銷億萬]"
)
_SIMPLIFIED = re.compile(
    "[这个们来说国对时会学发后为与机电车开关长东过还点无头业钱价场体实际请问据该让经济报导营运产销亿万]"
)
_TAG = re.compile(r"^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?$", re.IGNORECASE)
_ZONES = {"zh": ZoneInfo("Asia/Shanghai"), "ja": ZoneInfo("Asia/Tokyo"), "ko": ZoneInfo("Asia/Seoul")}
_LEAST = 0.3


def language_of(declared: str, text: str) -> str:
    """Name the language, BCP 47: the script decides for East Asia, where templates say `en`; else what is declared."""
    seen = _by_script(text)
    tag = _TAG.match(declared.strip().partition(",")[0].partition(";")[0].strip())
    if tag is None:
        return seen
    language, script, region = tag.group(1).lower(), tag.group(2), tag.group(3)
    if seen and not seen.startswith(language):
        return seen
    return "-".join(filter(None, [language, script and script.title(), region and region.upper()]))


def zone_of(language: str) -> ZoneInfo:
    """Give the zone in which sites of a language write times without an offset."""
    return _ZONES.get(language.partition("-")[0], ZoneInfo("UTC"))


def _by_script(text: str) -> str:
    letters = max(len(_LETTER.findall(text)), 1)
    kana, hangul, han = (len(one.findall(text)) for one in (_KANA, _HANGUL, _HAN))
    if kana / letters > _LEAST / 3 and (kana + han) / letters > _LEAST:
        return "ja"
    if hangul / letters > _LEAST:
        return "ko"
    if han / letters > _LEAST:
        return "zh-Hant" if len(_TRADITIONAL.findall(text)) > len(_SIMPLIFIED.findall(text)) else "zh-Hans"
    return ""
