"""Numbers that state nothing: names of models, codes, rules, versions, addresses, list numbers.

Each rule says what it finds; every number inside such a place is passed over.
"""

import re

from transforms.claims.triggers import Triggered

RULES: tuple[tuple[str, str], ...] = (
    ("address", r"(?:https?://|www\.)[^\s，。；）)]+|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{2,20}"),
    ("stock code", r"\b\d{4,6}[.:]?(?:HK|SZ|SH|SS|US|TW)\b|\b\d{4,5} HK\b|(?<![\d.])0\d{3,5}(?![\d.%])"),
    (
        "stock code",
        r"(?:HKEX|SEHK|NYSE|NASDAQ|Nasdaq|HK|港股|SZ|SH)[:： ]+\d{2,6}\b|(?:股[份票]|证券)?代[号码][:：]?\s?\d{2,6}",
    ),
    ("stock code", r"(?<=[(（])\d{3,6}(?=[)）])|stock code:? ?\d+"),
    (
        "rule",
        r"\b(?:Rules?|Section|Article|Clause|Chapter|Note|Form|Exhibit|Schedule|Regulation|Item|Annex|Appendix"
        r"|Part|Page|Figure|Fig\.|Table|Line|Phase|Stage|Level|Tier|Step|Episode|Season|Volume|Vol\.|Issue"
        r"|Version|Build|Class|Type|Gate|Room|Flight|Route|Highway|Directive|Resolution|Order|Case|Document|Lot"
        r"|Series|Group|Generation|Gen|Day|Scope|Formula) ?(?:No\.? ?)?\d+(?:[.\-]\d+)*[A-Za-z]?\b",
    ),
    (
        "rule",
        r"第[零〇一二两三四五六七八九十百千\d.]{1,8}[A-Z]?(?:条|号|章|款|节|项|届|期|代|版|次|页|卷|回|轮|批|路|产业"
        r"|方|天|步|个|只|家|座|款|台|辆|部|名的)",
    ),
    ("rule", r"[一-鿿]{0,4}[〔\[]\d{4}[〕\]]\d+号|(?<!\d)\d{1,4}号(?:文|令|文件|公告|楼|线|院|店|房|车|工厂)?"),
    (
        "number sign",
        r"\bNos?\.? ?\d+(?:[.-]\d+)*(?! (?:in|spot|position|globally|worldwide|by|among|place|brand|seller"
        r"|maker))|#\d+",
    ),
    (
        "plan",
        r"[一二三四五六七八九十]{1,3}五(?:规划|计划|时期|期间)?|\d{1,4}(?:计划|工程|行动|项目|事件|大楼)"
        r"|\d+(?:st|nd|rd|th)\b|双(?:十一|11|12)|(?<![\d,.$])(?:618|11\.11|12\.12|315|996|007|985"
        r"|211)(?![\d.,%万亿元辆台])",
    ),
    (
        "index or list",
        r"(?:S&P|CSI|FTSE|Fortune(?: Global)?|Russell|Nasdaq|Nikkei|DAX|CAC|Stoxx|STOXX|MSCI|Dow|Top|TOP|G"
        r"|Forbes|SSE|STAR|Shanghai|Shenzhen)[ -]?\d{1,4}\b(?! ?(?:%|percent|billion|million|points))|(?:沪深"
        r"|科创|上证|深证|中证|标普|日经|富时|创业板|财富|世界|福布斯|胡润|恒生)\d{2,4}(?!\.\d|[点亿万%])"
        r"|(?:世界|财富|全球|中国|民企|企业)?\d{3}强",
    ),
    (
        "model",
        r"\b(?:Model|iPhone|iPad|Mi|Redmi|Galaxy|Pixel|Mate|Pura|Nova|Find|Reno|Note|Pad|Band|Watch|Buds"
        r"|HyperOS|iOS|Android|Windows|Xring|XRING|MIUI|OS|GPT|Gen|FSD|Wi-?Fi|Bluetooth|USB|PlayStation|Xbox"
        r"|Snapdragon|Dimensity|Kirin|Matrix|Falcon|Boeing|Airbus|Qwen|Llama|Claude|Gemini|Ver|v|V|AirPods"
        r"|OnePlus|Honor|Oppo|Vivo|Xiaomi|Huawei|NIO|AITO|Zeekr|Denza|Leapmotor|Han|Tang|Song|Qin|Seal"
        r"|Dolphin)[ -]?\d{1,4}(?:\.\d+)*(?:[a-z+](?![A-Za-z]))?(?![A-Za-z])(?:(?: | ?/ ?)(?:Pro|Max|Ultra|Plus"
        r"|SE|Mini|Air|Lite|Turbo|Note"
        r"|series)\b)*(?![.,]?\d|[%万亿]| ?(?:percent|per cent|million|billion|trillion|mln|bn|units|vehicles"
        r"|cars|stores|points|yuan|dollars|euros|shares"
        r"|GWh|kWh|km|days|times|orders|people)\b)",
    ),
    (
        "model",
        r"(?:小米|红米|华为|荣耀|鸿蒙|澎湃(?:OS)?|苹果|魅族|骁龙|天玑|麒麟|问界|蔚来|理想|极氪|智界|一加|真我"
        r"|三星|安卓|iPhone|机型|版本)\s?\d{1,3}(?:\.\d+)*(?:\s?(?:Pro|Max|Ultra|Plus|SE|mini|Air|Turbo|系列"
        r"|手机))*(?![\d.,，]*(?:[%万亿月年日辆台部家元倍座个]|\d))",
    ),
    ("model", r"\b[A-Za-z]{1,12}-?\d+(?:\.\d+)?[A-Za-z0-9+/.-]*(?:\s(?:Pro|Max|Ultra|Plus|Mini)\b)*"),
    ("version", r"\b[vV](?:er(?:sion)?)?\.? ?\d+(?:\.\d+)+\b|\b\d+\.\d+\.\d+(?:\.\d+)*\b"),
    (
        "telephone",
        r"(?<!\d)(?:\+\d{1,3}[ -]?)?\(?\d{3,4}\)?[ -]\d{3,4}[ -]\d{3,4}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"
        r"|(?:电话|热线|Tel|tel|phone|Phone)[:：. ]*\+?[\d -]{7,20}|(?<!\d)1[3-9]\d{9}(?!\d)",
    ),
    ("network", r"\b[2-6]G\b|\b[48]K\b|\bL[2-5]\+*\b|\b3D\b|\b24/7\b"),
    ("footnote", r"(?<=[A-Za-z.)”\"。，])\[\d{1,3}\]|\[\d{1,3}(?:[,-]\d{1,3})*\]|(?<=[。”])\d(?=\s|$)"),
    ("list number", r"^\s*(?:[(（]?\d{1,2}[)）.、](?!\d)|[(（]?[一二三四五六七八九十]{1,3}[)）、])"),
    (
        "from standing",
        r"(?<![\d,.])(?:from )?0 ?(?:to|-) ?\d{2,3} ?(?:km/h|kph|mph|kmh|km per hour|公里)|零百(?:公里)?"
        r"|(?<![\d,.])(?:0"
        r"|零)[-到至~]\d{2,3}(?:km/h|公里)?|(?:每|100|百)公里(?=(?:加速|油耗|电耗|耗电|能耗))|每百公里",
    ),
    (
        "way of speaking",
        r"\bone of\b|\b(?:number|No\.?) one\b|\btwo-thirds majority\b|\b24-hour\b|\b9-to-5\b|\b(?:one|two|three"
        r"|four|five)[- ](?:way|day|door|seat|wheel|row|year|time|star|fold path|pronged|step)\b|百分百"
        r"|千千万万|成千上万|千万(?:不要|别|要)|万一|一万个|百年|千年|万物|万科|万达|千里|百度|百货|百姓|百科"
        r"|千亿级|[百千]?万级|万亿级"
        r"|百亿级|三亚|九号公司|五菱|四川|十分|七夕|八达|三一|一汽|万国|亿纬|千问|万象|亿咖通|万向|百济|万豪"
        r"|千禧|百川|半成品|成都|万事|百变",
    ),
    (
        "part",
        r"\d+(?:\.\d+)? ?(?:nm\b|纳米)|每(?:\d+|十|百)股|[二两四五六七]座(?=布局|版|车|SUV|MPV|轿|大型|中|旗舰|家用)"
        r"|(?<![\d,.])[2-9]座(?![换充超城])|\d{1,4}(?:-(?:hour|day|week|month|year"
        r"|minute|speed|star|lane|mm|cm"
        r"|V)|[- ](?:inch|door|seater|seat"
        r"|wheel|nanometer|nm|core|bit|cylinder|row|pin|megapixel|volt))s?\b|\d+(?:\.\d+)?(?:英寸|寸|核"
        r"|门(?!店)|V\b|Hz|GHz|MHz|万像素|时速)",
    ),
    ("score or ratio", r"(?<!\d)\d{1,3} ?: ?\d{1,3}(?![\d:])"),
)
_COMPILED = tuple(Triggered.of(pattern, re.MULTILINE) for _, pattern in RULES)
_MEASURED = re.compile(
    r"(?:RMB|HKD|USD|CNY|EUR|GBP|JPY|SGD|TWD|Rmb|Rs)-?\d|(?:about|over|up|down|to|at|by|of|in|from|and|or|than)-\d",
    re.IGNORECASE,
)


def silent_spans(text: str) -> list[tuple[int, int]]:
    """List the places of a sentence whose numbers are no claims; they may overlap."""
    lowered = text.lower()
    return [
        found.span()
        for pattern in _COMPILED
        for found in pattern.finditer(text, lowered)
        if not _MEASURED.match(found[0])
    ]
