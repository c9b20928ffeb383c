"""The invented places, units and names of the demonstration county."""

from members.enums import StaffCategory

# Township, how many people serve there, its villages. Towns count from 101, rural townships from 201 (GB/T 10114).
TOWNSHIPS: tuple[tuple[str, str, int, str], ...] = (
    ("101", "青石镇", 31, "柳湾 青石 石桥头 上坝 下坝 龙潭 大湾 白沙 官渡 新桥 竹林 马鞍"),
    ("102", "柳河镇", 27, "河口 柳河 三岔 沙坝 清水塘 大田 石磨 桃园 杨柳坪 回龙"),
    ("103", "石桥镇", 24, "石桥 双桥 水碾 大营 黑泥塘 板桥 花椒坪 小坝 麻栗树"),
    ("104", "白塔镇", 22, "白塔 塔山 碗厂 核桃坪 大石 五里 新寨 旧营 红岩"),
    ("201", "大坪乡", 18, "大坪 小坪 坪上 松林 野鸭塘 云盘"),
    ("202", "望山乡", 17, "望山 高坡 岩脚 老鹰岩 长岭 青树"),
    ("203", "东岭乡", 16, "东岭 岭上 梅子箐 罗汉 大地 凉风垭"),
    ("204", "西渡乡", 19, "西渡 渡口 沙湾 芦苇 鱼洞 江边 平掌"),
    ("205", "枫林乡", 15, "枫林 红叶 老屋基 向阳 半坡"),
    ("206", "梨园乡", 21, "梨园 梨树坪 花山 蜂桶 大箐 小箐 木瓜 茨竹"),
    ("207", "石门乡", 14, "石门 门坎 天生桥 滴水 雷打石"),
    ("208", "黄泥乡", 17, "黄泥 黄家坝 土地塘 窑上 荞地 火石"),
    ("209", "茶亭乡", 20, "茶亭 老茶 茶山 凉亭 马店 驿路 歇马"),
    ("210", "双溪乡", 16, "双溪 溪头 溪尾 两河 合江 木桥"),
    ("211", "上洞乡", 18, "上洞 中洞 下洞 仙人 石乳 泉眼"),
    ("212", "龙口乡", 17, "龙口 龙头 龙尾 水井 大塘 青杠"),
)

# Sending unit, and the category most of its people belong to.
UNITS: tuple[tuple[str, StaffCategory], ...] = (
    ("岚溪县委组织部", StaffCategory.CIVIL_SERVANT),
    ("岚溪县农业农村局", StaffCategory.CIVIL_SERVANT),
    ("岚溪县财政局", StaffCategory.CIVIL_SERVANT),
    ("岚溪县民政局", StaffCategory.CIVIL_SERVANT),
    ("岚溪县教育体育局", StaffCategory.CIVIL_SERVANT),
    ("岚溪县卫生健康局", StaffCategory.CIVIL_SERVANT),
    ("岚溪县人力资源和社会保障局", StaffCategory.CIVIL_SERVANT),
    ("岚溪县自然资源局", StaffCategory.CIVIL_SERVANT),
    ("岚溪县水务局", StaffCategory.CIVIL_SERVANT),
    ("岚溪县交通运输局", StaffCategory.CIVIL_SERVANT),
    ("岚溪县林业和草原局", StaffCategory.CIVIL_SERVANT),
    ("岚溪县住房和城乡建设局", StaffCategory.CIVIL_SERVANT),
    ("岚溪县市场监督管理局", StaffCategory.CIVIL_SERVANT),
    ("岚溪县农业技术推广中心", StaffCategory.INSTITUTION),
    ("岚溪县人民医院", StaffCategory.INSTITUTION),
    ("岚溪县第一中学", StaffCategory.INSTITUTION),
    ("岚溪县职业技术学校", StaffCategory.INSTITUTION),
    ("岚溪县融媒体中心", StaffCategory.INSTITUTION),
    ("岚溪县农村信用合作联社", StaffCategory.ENTERPRISE),
    ("岚溪县供电公司", StaffCategory.ENTERPRISE),
    ("岚溪县供销合作社联合社", StaffCategory.OTHER),
)

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文逯亓"
)
# Some are rare: beyond GB 2312, one (𬭎) beyond the basic plane; they must survive everything the product does.
GIVEN_NAMES = """
明 华 建国 志强 丽 静 敏 伟 勇 军 磊 洋 艳 娟 涛 超 秀英 秀兰 桂芳 玉梅 海燕 春梅
晓东 晓燕 文斌 文静 国强 建华 建军 志刚 志远 永红 永福 正刚 正华 云飞 云霞 家旺 家俊
天佑 子涵 子轩 雨桐 欣怡 浩然 思源 思雨 佳慧 佳宁 慧敏 慧琴 雪梅 红梅 冬梅 金花 银凤
小龙 小虎 大鹏 成林 成芳 应祥 应华 朝阳 朝霞 光明 光荣 忠诚 忠华 学文 学军 学芬 绍华
绍云 自强 自华 自芬 开明 开菊 兴旺 兴华 世荣 世平 安平 安康 国良 树林 树芬 启明 启航
若兰 若曦 立新 立群 存义 存芳 顺英 顺林 加林 加美 松 柏 竹 梅 喆 堃 镕 𬭎 赟 翀
喆宇 堃元 骁 昶 婧 玥 珺 琰 煜 烨 焱 淼 犇
""".split()  # noqa: SIM905 - a list of words is read as words
