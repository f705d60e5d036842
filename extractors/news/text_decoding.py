"""Turn the bytes of a page or a feed into text.

Labels lie: pages say gb2312 and are UTF-8, servers say ISO-8859-1 for everything. So UTF-8 is tried first
(text in another encoding practically never decodes as UTF-8), then what the server and the document say,
strictly; what no label explains is judged by how much everyday Chinese, Japanese or Korean it would give.
"""

import codecs
import re

from extractors.snapshot import Snapshot

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_STARTS = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
_LABEL_MEANS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
}
"""What browsers take a label for: the older names stand for the newer supersets."""
_UNDECLARED = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")
_EVERYDAY = frozenset(
    "的一是不了在人有我他这這中大来來上国國个個到说說们們为為子和你地出道也时時年得就那要下以生会會自着去之过過家学學"
    "对對可她里後后小么心多天而能好都然没沒日于於起还還发發成事只作当當想看文无無开開手用主行方又如前所本见見经經"
    "，。、“”：；「」のにはをたがでてとしれさいるあこもなかっらインスルトーラリア이다는을의에가하고지로기사한대인도"
)
_LEAST_EVERYDAY = 0.08
_EVERYDAY_LETTERS = {
    "koi8_r": "оеаинтсрвлкмдпуяыьз",
    "cp1251": "оеаинтсрвлкмдпуяыьз",
    "cp1253": "αοιετσνηυρπκμλ",
    "cp1255": "יוהאלרתבשמנ",
    "cp874": "านรอกเงยลมทวดสต่้ีิัะ",
}
"""Encodings with one byte a character, and the most frequent letters of what is written in them."""
_LEAST_OF_LETTERS = 0.5
_LEAST_RUN = 2.5
"""Letters in a row: words of these scripts have no Latin ones in them, and accents of French stand alone."""
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SHORTEST_MEAN_RUN = 1.2
"""Bytes in a row that are no ASCII: of one accent in a word there is one, of any other script there are more."""
_FOREIGN_RUN = re.compile("[^\x00-\x7f]+")
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:+-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:+-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:+-]+)", re.IGNORECASE)
_ISO_2022 = re.compile(rb"\x1b[$(][@ABJ(D]?")
_HEAD = 8192


def decode(snapshot: Snapshot) -> str:
    """Decode a body; bytes that fit no encoding are replaced, and only then."""
    return decode_bytes(snapshot.body, snapshot.headers.get("content-type", ""))


def decode_bytes(body: bytes, content_type: str = "") -> str:
    """Decode bytes with the content type that came with them."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, errors="replace")
    for start, encoding in _WIDE_STARTS:
        if body.startswith(start):
            return body.decode(encoding, errors="replace")
    labels = _labels(body, content_type)
    if b"\x1b" in body and _ISO_2022.search(body) and (text := _strict(body, "iso2022_jp")) is not None:
        return text
    for encoding in ("utf-8", *labels):
        if encoding != "cp1252" and (text := _strict(body, encoding)) is not None:
            return text
    runs = _HIGH_RUN.findall(body)
    if sum(map(len, runs)) < len(runs) * _SHORTEST_MEAN_RUN:
        return _least_broken(body, labels)
    return _guess(body) or _letters(body) or _least_broken(body, labels)


def _labels(body: bytes, content_type: str) -> tuple[str, ...]:
    """List what the server, then the document, declares, as Python names; unknown labels are left out."""
    head = body[:_HEAD]
    found = [*_HEADER_CHARSET.findall(content_type)]
    found += [
        match.group(1).decode("ascii") for match in (_XML_CHARSET.search(head), _META_CHARSET.search(head)) if match
    ]
    names = []
    for label in found:
        name = _LABEL_MEANS.get(label.lower(), label.lower())
        try:
            names.append(codecs.lookup(name).name)
        except LookupError:
            continue
    return tuple(name for name in names if not name.startswith(("utf-16", "utf-32", "utf-7")))


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _guess(body: bytes) -> str | None:
    """Choose the East Asian encoding that gives the most everyday characters, if any gives enough."""
    best, best_share = None, _LEAST_EVERYDAY
    for encoding in _UNDECLARED:
        text = _strict(body, encoding)
        if text is None:
            continue
        foreign = [character for character in text if character > "\x7f"]
        share = sum(character in _EVERYDAY for character in foreign) / max(len(foreign), 1)
        if share > best_share:
            best, best_share = text, share
    return best


def _letters(body: bytes) -> str | None:
    """Choose the alphabet whose frequent letters stand in long runs, if there is one."""
    best, best_share = None, _LEAST_OF_LETTERS
    for encoding, frequent in _EVERYDAY_LETTERS.items():
        text = _strict(body, encoding)
        runs = _FOREIGN_RUN.findall(text) if text else []
        foreign = "".join(runs)
        if not runs or len(foreign) / len(runs) < _LEAST_RUN:
            continue
        share = sum(foreign.count(letter) for letter in frequent) / len(foreign)
        if share > best_share:
            best, best_share = text, share
    return best


def _least_broken(body: bytes, labels: tuple[str, ...]) -> str:
    """A page cut in mid-character, or with a few broken bytes, still reads best in its own encoding."""
    texts = [body.decode(name, errors="replace") for name in ("utf-8", *labels) if name != "cp1252"]
    best = min(texts, key=lambda text: text.count("\ufffd"))
    foreign = sum(character > "\x7f" for character in best)
    if best.count("\ufffd") * 10 > foreign:
        return body.decode("cp1252", errors="replace")
    return best
