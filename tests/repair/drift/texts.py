"""Sentences of invented news in four scripts, out of which articles are put together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Script:
    """One script's sentences and the lines that stand around them."""

    sentences: tuple[str, ...]
    others: tuple[str, ...]
    """Of another matter."""
    gap: str
    """What stands between two sentences of a paragraph."""
    caption: str
    credit: str
    offer: str
    related: str
    headlines: tuple[str, ...]
    words: tuple[tuple[str, str], ...]
    """Words of the sentences, each with another."""
    added: str
    """A sentence that an editor puts in."""


LATIN = Script(
    sentences=(
        "The harbour of Nordblatt gets a new wall after the winter storms of 2023.",
        "The council decided on Monday night, 14 votes to 9, to pay for all of it.",
        "Divers had found cracks over a length of 140 metres near the old lighthouse.",
        "“We could not wait any longer,” said the mayor, Anna Lindqvist, after the vote.",
        "The work begins in April and will take eighteen months if the weather allows it.",
        "Until then no ship of more than 60 tonnes may lie on the northern side.",
        "Fishermen fear for their stalls, which have stood there for three generations.",
        "The city has offered them another place behind the customs house, free of rent.",
        "Not everybody is content with the plan that the engineers have drawn up.",
        "Karl Brandt, who sells smoked eel, says that customers will not find him there.",
        "An older wall was built in 1911 out of granite from a quarry that is closed now.",
        "Its stones are to be used again where they are not broken or worn too thin.",
        "The region pays 4.5 million crowns, and the state adds about as much next year.",
        "Critics call the price too high; a wall of steel would have cost half of that.",
        "Experts of the university answer that steel rusts within thirty years here.",
        "A film about the storm will be shown in the town hall on the first of March.",
        "Visitors can look at a model of the wall in the library until the end of May.",
        "The last of the ferries has moved to a jetty on the island across the bay.",
        "Schools have asked whether children may follow the work from a platform.",
        "The harbour master, Olga Petersen, hopes for calm seas and for patience.",
        "Swimmers will have to use the beach at Sandvik for two summers in a row.",
        "A bridge for walkers is to join both sides of the basin when all is done.",
        "The insurance has promised to pay for boats that were lost in the storm.",
        "Old photographs of the quay hang in the windows of shops along the street.",
    ),
    others=(
        "A choir of bakers won first prize at the festival of valley songs yesterday.",
        "Its forty singers rehearse at four in the morning, before the ovens are hot.",
        "Judges praised how cleanly the low voices carried through the wooden barn.",
        "The second prize went to a family of beekeepers from the upper villages.",
        "Some listeners had walked for two days across the pass to hear the finale.",
        "Next summer the singers want to travel to Lisbon with a programme of rounds.",
        "Tickets were sold out within an hour, as they have been for a decade.",
        "A recording will appear on vinyl, since the conductor owns no other player.",
    ),
    gap=" ",
    caption="The old wall at low tide, seen from the lighthouse in autumn",
    credit="Photo: Ann Example / Nordpress",
    offer="Subscribe to continue reading this article.",
    related="Related articles",
    headlines=("Storm tears roof off fish market", "Ferry to the islands costs more"),
    words=(("wall", "dam"), ("Monday", "Tuesday"), ("harbour", "port"), ("storm", "flood"), ("140", "190"),
           ("Anna", "Maria"), ("April", "June"), ("customs", "town"), ("the", "this"), ("of", "from")),
    added="Nobody was hurt when another part of it broke off on Thursday.",
)  # fmt: skip

THAI = Script(
    sentences=(
        "ท่าเรือเมืองสมมติจะมีเขื่อนกันคลื่นใหม่หลังพายุใหญ่เมื่อปี 2566",
        "สภาเมืองลงมติเมื่อคืนวันจันทร์ด้วยคะแนน 14 ต่อ 9 ให้จ่ายเงินทั้งหมด",
        "นักประดาน้ำพบรอยร้าวยาว 140 เมตรใกล้กับประภาคารเก่า",
        "นายสมชาย ใจงาม นายกเทศมนตรี กล่าวว่า “เรารอต่อไปไม่ได้อีกแล้ว”",
        "งานก่อสร้างจะเริ่มในเดือนเมษายนและใช้เวลาสิบแปดเดือนหากอากาศเอื้ออำนวย",
        "ระหว่างนี้ห้ามเรือที่หนักเกิน 60 ตันจอดเทียบฝั่งด้านเหนือ",
        "ชาวประมงเป็นห่วงแผงขายปลาที่ตั้งอยู่ที่นั่นมาสามชั่วอายุคน",
        "เมืองเสนอที่ใหม่ให้ด้านหลังโรงภาษีโดยไม่คิดค่าเช่า",
        "ไม่ใช่ทุกคนที่พอใจกับแผนที่วิศวกรวาดขึ้นมา",
        "คนขายปลาไหลรมควันบอกว่าลูกค้าจะหาร้านของเขาไม่เจอ",
        "เขื่อนเก่าสร้างขึ้นเมื่อปี 2454 จากหินแกรนิตของเหมืองที่ปิดไปแล้ว",
        "หินเหล่านั้นจะถูกนำกลับมาใช้อีกครั้งหากยังไม่แตกหัก",
        "จังหวัดจ่าย 4.5 ล้านบาท และรัฐบาลจะสมทบอีกเกือบเท่ากันในปีหน้า",
        "ผู้วิจารณ์เห็นว่าราคาแพงเกินไป กำแพงเหล็กน่าจะถูกกว่าครึ่งหนึ่ง",
        "ผู้เชี่ยวชาญจากมหาวิทยาลัยตอบว่าเหล็กจะขึ้นสนิมภายในสามสิบปี",
        "ภาพยนตร์เกี่ยวกับพายุจะฉายที่ศาลากลางในวันที่ 1 มีนาคม",
        "ผู้เยี่ยมชมดูแบบจำลองของเขื่อนได้ในห้องสมุดจนถึงสิ้นเดือนพฤษภาคม",
        "เรือข้ามฟากลำสุดท้ายย้ายไปจอดที่ท่าบนเกาะอีกฝั่งของอ่าว",
        "โรงเรียนหลายแห่งขอให้เด็กได้ชมงานก่อสร้างจากลานยกสูง",
        "ผู้ดูแลท่าเรือหวังว่าทะเลจะสงบและทุกคนจะอดทน",
        "คนที่ชอบว่ายน้ำต้องไปใช้หาดทรายแก้วเป็นเวลาสองฤดูร้อน",
        "สะพานคนเดินจะเชื่อมสองฝั่งของอู่เรือเมื่องานเสร็จสิ้น",
    ),
    others=(
        "คณะนักร้องประสานเสียงของช่างทำขนมปังชนะเลิศงานเทศกาลเพลงหุบเขา",
        "สมาชิกสี่สิบคนซ้อมตอนตีสี่ก่อนเตาอบจะร้อน",
        "กรรมการชมเชยเสียงทุ้มที่ดังกังวานไปทั่วยุ้งไม้",
        "รางวัลที่สองเป็นของครอบครัวเลี้ยงผึ้งจากหมู่บ้านบนดอย",
        "ผู้ฟังบางคนเดินข้ามเขาสองวันเพื่อมาฟังรอบสุดท้าย",
        "ฤดูร้อนหน้าคณะนี้อยากเดินทางไปแสดงที่กรุงลิสบอน",
        "บัตรขายหมดภายในหนึ่งชั่วโมงเหมือนทุกปีที่ผ่านมา",
    ),
    gap=" ",
    caption="เขื่อนเก่ายามน้ำลงเมื่อมองจากประภาคารในฤดูใบไม้ร่วง",
    credit="ภาพ: สำนักข่าวสมมติ",
    offer="เข้าสู่ระบบเพื่ออ่านต่อ",
    related="ข่าวที่เกี่ยวข้อง",
    headlines=("พายุพัดหลังคาตลาดปลาหลุด", "ค่าเรือข้ามเกาะแพงขึ้น"),
    words=(("เขื่อน", "กำแพง"), ("วันจันทร์", "วันอังคาร"), ("ท่าเรือ", "สถานี"), ("พายุ", "น้ำท่วม"), ("140", "190"),
           ("สมชาย", "สมศักดิ์"), ("เมษายน", "มิถุนายน"), ("เมือง", "จังหวัด"), ("ปลา", "กุ้ง"), ("จะ", "ไม่")),
    added="ไม่มีผู้ได้รับบาดเจ็บเมื่ออีกส่วนหนึ่งพังลงเมื่อวันพฤหัสบดี",
)  # fmt: skip

CHINESE = Script(
    sentences=(
        "北叶港在2023年冬季风暴之后将修建一道新的防波堤。",
        "市议会周一晚间以14票对9票决定承担全部费用。",
        "潜水员在旧灯塔附近发现了长达140米的裂缝。",
        "市长王海明在表决后说：“我们不能再等下去了。”",
        "工程将于四月开工，如果天气允许，需要十八个月完成。",
        "在此之前，超过60吨的船只不得停靠在北侧。",
        "渔民们担心自己的摊位，它们在那里已经经历了三代人。",
        "市政府在海关楼后面为他们提供了免租金的新地点。",
        "并不是每个人都对工程师绘制的方案感到满意。",
        "卖熏鳗鱼的老板说，顾客在那里根本找不到他。",
        "旧堤建于1911年，石料来自一座如今已经关闭的采石场。",
        "没有破碎或磨损的石块将会被重新利用。",
        "大区出资450万克朗，国家明年再追加差不多的数目。",
        "批评者认为价格太高，钢制的墙只需要一半的钱。",
        "大学的专家回答说，钢在这里三十年内就会生锈。",
        "一部关于风暴的影片将于3月1日在市政厅放映。",
        "参观者可以在图书馆观看模型，直到五月底为止。",
        "最后一艘渡轮已经搬到海湾对面岛上的码头。",
        "学校询问孩子们能不能从平台上观看施工。",
        "港务主任希望海面平静，也希望大家有耐心。",
        "喜欢游泳的人连续两个夏天只能去沙湾海滩。",
        "全部完工以后，一座步行桥将连接港池的两侧。",
    ),
    others=(
        "由面包师组成的合唱团昨天在山谷歌曲节上获得第一名。",
        "四十位歌手每天凌晨四点排练，那时烤炉还没有热。",
        "评委称赞低音在木制谷仓里传得多么清澈。",
        "第二名归于来自高处村庄的养蜂人一家。",
        "有些听众翻山越岭走了两天来听决赛。",
        "明年夏天歌手们想带着轮唱节目去里斯本。",
        "门票在一小时之内售罄，十年来一直如此。",
    ),
    gap="",
    caption="秋天从灯塔望去退潮时的旧堤",
    credit="图/新北社",
    offer="登录后继续阅读",
    related="相关新闻",
    headlines=("风暴掀翻鱼市屋顶", "海岛渡轮票价上涨"),
    words=(("防波堤", "水坝"), ("周一", "周二"), ("港", "湾"), ("风暴", "洪水"), ("140", "190"), ("海明", "大伟"),
           ("四月", "六月"), ("市", "县"), ("旧", "老"), ("已经", "尚未")),
    added="周四又有一段坍塌，没有人受伤。",
)  # fmt: skip

JAPANESE = Script(
    sentences=(
        "北葉港では2023年冬の嵐を受けて新しい防波堤が造られる。",
        "市議会は月曜の夜、14対9で全額を負担することを決めた。",
        "潜水士は古い灯台の近くで長さ140メートルの亀裂を見つけていた。",
        "山田花子市長は採決の後に「もう待てなかった」と語った。",
        "工事は4月に始まり、天候が許せば一年半で終わる。",
        "それまで60トンを超える船は北側に停泊できない。",
        "漁師たちは三代続く屋台の行方を心配している。",
        "市は税関の裏に家賃のかからない場所を用意した。",
        "技術者が描いた計画に誰もが満足しているわけではない。",
        "燻製ウナギを売る店主は、客が来なくなると話す。",
        "古い堤は1911年、今は閉じた採石場の花崗岩で築かれた。",
        "割れていない石はもう一度使われることになっている。",
        "県は4億5000万円を出し、国も来年ほぼ同じ額を加える。",
        "批判する人は高すぎると言い、鋼なら半分で済むと訴える。",
        "大学の専門家は、鋼は三十年でさびると答えている。",
        "嵐を描いた映画が3月1日に市庁舎で上映される。",
        "訪れた人は5月末まで図書館で模型を見ることができる。",
        "最後のフェリーは湾の向こうの島の桟橋に移った。",
        "学校は子どもたちが足場から見学できるか尋ねている。",
        "港長は穏やかな海と皆の忍耐を願っている。",
        "泳ぐ人は二つの夏の間、砂浜海岸を使うしかない。",
        "すべてが終われば歩行者の橋が港の両側をつなぐ。",
    ),
    others=(
        "パン職人の合唱団が昨日、谷の歌まつりで優勝した。",
        "四十人の歌い手は窯が熱くなる前の午前四時に練習する。",
        "審査員は低い声が木の納屋に澄んで響いたとたたえた。",
        "二位は高い村から来た養蜂家の一家に贈られた。",
        "決勝を聴くために峠を二日歩いた人もいた。",
        "来年の夏はリスボンへ輪唱を持って旅したいという。",
        "入場券は十年続けて一時間で売り切れた。",
    ),
    gap="",
    caption="秋の引き潮に灯台から見た古い堤",
    credit="写真=北葉通信",
    offer="この記事は会員限定です",
    related="関連記事",
    headlines=("嵐で魚市場の屋根が飛ぶ", "島への船賃が上がる"),
    words=(("防波堤", "ダム"), ("月曜", "火曜"), ("港", "湾"), ("嵐", "洪水"), ("140", "190"), ("花子", "太郎"),
           ("4月", "6月"), ("市", "町"), ("古い", "新しい"), ("いる", "いない")),
    added="木曜には別の場所が崩れたが、けが人はなかった。",
)  # fmt: skip

SCRIPTS = {"Latin": LATIN, "Thai": THAI, "Chinese": CHINESE, "Japanese": JAPANESE}
