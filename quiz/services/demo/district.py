"""A district that does not exist: its streets, communities, units and headcounts, as the workbook users import."""

from dataclasses import dataclass
from io import BytesIO

from quiz.services.register_workbook import COLUMNS, COMMUNITIES, STREETS, UNITS
from quiz.services.sheets import TEXT, WHOLE, Column, ResultWorkbook


@dataclass(frozen=True)
class Street:
    """``share``: how many of its people play in the finished contest."""

    code: str
    name: str
    headcount: int
    share: int
    communities: tuple[str, ...]

    def community_code(self, number: int) -> str:
        return f"{self.code}-{number:02d}"


@dataclass(frozen=True)
class Unit:
    """``street`` is "" for departments of the district; ``share`` as above, 0: nobody plays."""

    code: str
    name: str
    unit_class: str
    street: str
    headcount: int
    share: int


DISTRICT = (
    Street("JD01", "东湖街道", 420, 38, ("湖滨社区", "映月社区", "柳堤社区")),
    Street("JD02", "南桥街道", 360, 30, ("桥头社区", "古渡社区")),
    Street("JD03", "西苑街道", 300, 27, ("梅园社区", "松园社区", "竹园社区")),
    Street("JD04", "北塘街道", 240, 16, ("荷塘社区", "稻香社区")),
    Street("JD05", "中和街道", 180, 9, ("和平社区", "和顺社区")),
)

EMPLOYERS = (
    Unit("DW01", "区市场监督管理局", "机关", "", 60, 34),
    Unit("DW02", "区住房和城乡建设局", "机关", "", 45, 17),
    Unit("DW03", "东湖街道办事处", "机关", "JD01", 36, 21),
    Unit("DW04", "东湖小学", "学校", "JD01", 40, 28),
    Unit("DW05", "南桥中学", "学校", "JD02", 72, 24),
    Unit("DW06", "中和职业技术学校", "学校", "JD05", 50, 0),
    Unit("DW07", "西苑食品有限公司", "企业", "JD03", 64, 20),
    Unit("DW08", "北塘精密制造有限公司", "企业", "JD04", 80, 13),
    Unit("DW09", "湖光物业服务有限公司", "企业", "JD01", 30, 8),
    Unit("DW10", "桥头社区居民委员会", "社区", "JD02", 12, 6),
    Unit("DW11", "区餐饮行业协会", "行业组织", "JD03", 10, 4),
    Unit("DW12", "区电子商务协会", "行业组织", "JD05", 8, 0),
)

TYPED_UNITS = ("南桥便民早餐店", "西苑便民维修部")
"""Units that are not in the list, as people type them; two people play for each."""


def register_workbook() -> bytes:
    """The sheets 街道, 社区 and 单位 of CONTRACT §2."""
    streets = [(s.code, s.name, s.headcount) for s in DISTRICT]
    communities = [
        (street.community_code(number), name, street.code)
        for street in DISTRICT
        for number, name in enumerate(street.communities, 1)
    ]
    units = [(u.code, u.name, u.unit_class, u.street, u.headcount) for u in EMPLOYERS]
    file = BytesIO()
    with ResultWorkbook(file) as workbook:
        workbook.add(STREETS, _columns(STREETS), streets)
        workbook.add(COMMUNITIES, _columns(COMMUNITIES), communities)
        workbook.add(UNITS, _columns(UNITS), units)
    return file.getvalue()


def _columns(sheet: str) -> list[Column]:
    return [Column(header, WHOLE if header == "应参加人数" else TEXT) for header in COLUMNS[sheet]]
