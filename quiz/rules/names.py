"""How a person is shown to others: 王*, 欧阳**, never more."""

_DOUBLE_SURNAMES = frozenset(
    [  # the ones in common use, two characters each
        *(
            "欧阳",
            "太史",
            "端木",
            "上官",
            "司马",
            "东方",
            "独孤",
            "南宫",
            "万俟",
            "闻人",
            "夏侯",
            "诸葛",
            "尉迟",
            "公羊",
        ),
        *(
            "赫连",
            "澹台",
            "皇甫",
            "宗政",
            "濮阳",
            "公冶",
            "申屠",
            "公孙",
            "慕容",
            "钟离",
            "长孙",
            "宇文",
            "司徒",
            "鲜于",
        ),
        *(
            "司空",
            "闾丘",
            "亓官",
            "司寇",
            "颛孙",
            "拓跋",
            "轩辕",
            "令狐",
            "百里",
            "呼延",
            "东郭",
            "梁丘",
            "左丘",
            "西门",
        ),
    ]
)


def masked(name: str) -> str:
    """The surname and one star for each further character; a name of one character shows only a star."""
    name = name.strip()
    if len(name) <= 1:
        return "*"
    kept = 2 if len(name) > 2 and name[:2] in _DOUBLE_SURNAMES else 1
    return name[:kept] + "*" * min(len(name) - kept, 3)
