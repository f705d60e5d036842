"""Names that are words of the language too, and what must or must not stand beside them.

A rule holds for a name wherever the watch list gives it; a name without a rule counts wherever it stands.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """When a name does not mean whom it seems to mean."""

    not_after: str = ""
    """Pattern that, just before the name, makes it another word."""
    not_before: str = ""
    """Pattern that, just after the name, makes it another word."""
    needs_company: bool = False
    """Counts only where the company, or something that is surely of it, is named in the same article."""

    def allows(self, text: str, start: int, end: int) -> bool:
        """Judge one place by what stands around it."""
        before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
        return not (
            (self.not_after and re.search(f"(?:{self.not_after})$", before))
            or (self.not_before and re.match(self.not_before, after))
        )


_REACH = 12
_SURNAMES = (
    "[李王张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫朱马馬胡郭林高梁郑鄭罗羅宋谢謝唐韩韓曹许許邓鄧萧蕭冯馮曾程蔡"
    "彭潘袁于董余苏蘇叶葉吕呂魏蒋蔣田杜丁沈姜范江傅钟鍾卢盧汪戴崔任陆陸廖姚方金邱夏谭韦贾邹石熊孟秦阎薛]"
)
_GRAIN_BEFORE = (
    "(?:煮|熬|喝|吃|种|種|黄|黃|糯|熟|一碗|碗|斤|粒|玉米|大米|糙米|杂粮|雜糧|谷子|红枣|南瓜|燕麦|藜麦)"
    "(?:了|的|和|、)?\\s?"
)
_GRAIN_AFTER = (
    "粥|椒|辣|饭|飯|面(?:条|粉|糊)|麵|油条|渣|糕|酒|汤|湯|糊|锅巴|鍋巴|粉(?!丝)|糠|谷|穀|种植|種植|红枣|紅棗"
    "|南瓜|淀粉|加步枪|、(?:大豆|高粱|玉米|绿豆|燕麦|荞麦)"
)

RULES: dict[str, Rule] = {
    "小米": Rule(_GRAIN_BEFORE, _GRAIN_AFTER),
    "红米": Rule("(?:煮|吃|种|大米|糙米|黑米)(?:、)?", "饭|粥|酒|肠|線|线|糕"),
    "紅米": Rule("(?:煮|吃|種|大米|糙米|黑米)(?:、)?", "飯|粥|酒|腸|線|糕"),
    "小鹏": Rule(_SURNAMES),
    "小鵬": Rule(_SURNAMES),
    "李想": Rule(not_before="象|像|要|去|当|着"),
    "海鸥": Rule(not_before="手表|群|食堂", needs_company=True),
    "海鷗": Rule(not_before="手錶|群|食堂", needs_company=True),
    "乐道": Rule("津津|安贫|安貧", needs_company=True),
    "樂道": Rule("津津|安貧", needs_company=True),
    "李斌": Rule(needs_company=True),
    "Li Bin": Rule(needs_company=True),
    "Bin Li": Rule(needs_company=True),
    "William Li": Rule(needs_company=True),
    "Li Xiang": Rule(needs_company=True),
    "Xiang Li": Rule(needs_company=True),
    "Model 3": Rule(needs_company=True),
    "Model Y": Rule(needs_company=True),
    "Model S": Rule(needs_company=True),
    "Model X": Rule(needs_company=True),
    "特斯拉": Rule(r"尼古拉[·・\s]?|\d\.\d\s?", "线圈|線圈|计|計|阀|效应"),
    "Tesla": Rule(r"Nikola\s|\d\.\d\s?-?", r"\s(?:coil|coils|unit|units|turbine|valve)\b"),
    "Musk": Rule(not_before=r"\s?(?:ox|oxen|deer|melon|rat|rose)\b"),
    "Ideal Auto": Rule(not_before=r"\s(?:insurance|parts|body|repair|finance)\b"),
}
