"""Traditional Chinese characters of our tables, each beside its simplified form."""

_BESIDE = (
    "億亿萬万餘余幾几兩两約约為为達达個个點点雙双條条張张輛辆臺台間间輪轮圓圆幣币財财營营業业銷销產产純纯淨净"
    "損损虧亏開开發发費费潤润經经調调額额總总價价報报漲涨買买賣卖貨货庫库單单訂订預预計计測测標标過过車车門门"
    "戶户絲丝員员設设備备聯联網网機机電电動动腦脑儲储資资負负債债現现華华證证據据傳传稱称說说較较長长減减縮缩"
    "擴扩級级續续際际環环進进場场區区國国準准從从後后當当時时歲岁歷历創创紀纪錄录無无絕绝對对於于與与會会應应"
    "實实樓楼農农審审體体雖虽還还這这該该將将並并內内僅仅遠远閱阅書书題题構构轉转顯显顧顾類类線线終终結结給给"
    "統统繼继維维綜综緊紧縱纵義义習习聖圣聽听職职號号處处蘭兰蓋盖裝装裡里補补視视規规覺觉訊讯討讨訓训記记許许"
    "評评詢询試试話话詳详誤误請请論论諮咨識识變变讓让貢贡貸贷賀贺賬账賺赚賽赛贏赢趨趋跡迹蹤踪載载輸输選选遞递"
    "適适鄰邻醫医釋释鋼钢錯错錶表鏈链鐘钟鐵铁闊阔關关陣阵陸陆陽阳隊队階阶隨随險险隻只雜杂離离難难雲云靜静頂顶"
    "順顺領领頭头頻频願愿飛飞飯饭館馆駕驾驗验鬆松齊齐龍龙勝胜則则劃划劑剂勁劲務务勞劳勢势匯汇協协參参問问啟启"
    "喬乔嗎吗園园圍围圖图團团執执塊块墊垫壓压壞坏奪夺獎奖婦妇孫孙學学寧宁寶宝專专尋寻導导屆届層层島岛巔巅帶带"
    "幫帮廠厂廣广慶庆強强彈弹彙汇徑径復复惡恶愛爱態态慘惨慣惯憂忧戲戏戰战擁拥擇择擊击擔担攝摄數数斷断晉晋暫暂"
    "曆历術术極极榮荣樂乐樣样權权歐欧殺杀毀毁氣气決决沒没況况淚泪湧涌滾滚滿满漢汉潛潜澤泽濟济瀏浏灣湾爭争爾尔"
    "狀状獨独獲获畢毕異异癥症盤盘眾众碼码確确禮礼稅税種种積积穩稳競竞筆笔節节範范築筑簡简籌筹擬拟佔占週周裏里"
    "軍军鵬鹏駛驶購购攤摊項项錢钱銀银連连衝冲飆飙佈布倉仓兌兑墜坠緩缓軟软輕轻熱热樁桩納纳"
)
TO_SIMPLIFIED = dict(zip(_BESIDE[::2], _BESIDE[1::2], strict=True))
"""One character to one character, so that places in a text hold."""
_FEW = 0.02


def is_traditional(text: str) -> bool:
    """Tell text in traditional characters from text in simplified ones or in none."""
    count = sum(character in TO_SIMPLIFIED for character in text)
    return count > 0 and count >= _FEW * len(text)


def is_chinese(text: str) -> bool:
    """Tell a text that is mostly in Chinese characters from one that merely names a thing in them."""
    chinese = sum("\u4e00" <= character <= "\u9fff" for character in text)
    return chinese * 4 >= sum(character.isalpha() for character in text) > 0
