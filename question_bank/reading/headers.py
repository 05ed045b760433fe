"""Column headers by alias, however they are decorated."""

import re
import unicodedata
from dataclasses import dataclass, field

NUMBER, KIND, STEM, OPTIONS, KEY = "number", "kind", "stem", "options", "key"
EXPLANATION, SOURCE, DOMAIN, DIFFICULTY, CHECKED, VALID, IGNORED = (
    "explanation", "source", "domain", "difficulty", "checked_on", "valid_until", "ignored",
)  # fmt: skip

_ALIASES = {
    NUMBER:
        "序号 编号 题号 号 no no. id number xuhao # 试题编号 题目编号 题目序号 试题序号 question_id questionid "
        "num index qid 题目id 试题id",
    KIND:
        "题型 类型 试题类型 题目类型 题型名称 试题题型 题类 问题类型 type question_type questiontype kind "
        "题目题型 类别 item_type 题型代码 题型编码 question-type qtype 试题种类 题种 大题题型 tixing leixing",
    STEM:
        "题干 题目 试题内容 试题题干 题目内容 问题 试题 大题题干 题干内容 题目名称 试题名称 题目题干 问题内容 "
        "题目描述 内容 试题标题 标题 题面 question title content stem question_text questiontext questioncontent "
        "question_title questiontitle 试题正文 题干描述 name question_content 试题描述 考题 试题题目 问题描述 "
        "考题内容 题目标题 问题题干 问题标题 题干文本 text prompt 测试题 tigan timu 题文 小题题干 考试题目 "
        "竞赛题目 试题(题干) 正文 知识点题目",
    OPTIONS:
        "选项 试题选项 选项内容 备选项 答案选项 备选答案 题目选项 可选项 候选项 option options choices "
        "optioncontent 选择项 可选答案 选项列表 option_content answers 选项描述 xuanxiang 全部选项 供选答案 "
        "answeroptions answer_options 待选项 选项集 选项(用|隔开)",
    KEY:
        "答案 正确答案 标准答案 参考答案 正确选项 试题答案 题目答案 答案内容 正确 本题答案 正确项 答题答案 "
        "answer answers_key key correct correct_answer correctanswer rightanswer right_answer questionanswer "
        "correctanswers correct_answers 参考答案要点 answerkey 答 正确答案选项 solution correct_option "
        "correctoption 试题标准答案 题目正确答案 daan 标答 question_answer standard_answer standardanswer 正解 "
        "答案选择 选择答案 right answer_key true_answer 结果 答案要点 correct_choice 答案(必填) anwser",
    EXPLANATION:
        "解析 答案解析 试题解析 题目解析 解释 答案说明 分析 试题分析 explanation analysis explain "
        "questionexplain 详解 答案详解 题解 解题思路 feedback 评析 习题解析 答题解析 解析说明 rationale jiexi "
        "整体解析 说明 讲解 注解",
    SOURCE:
        "来源 依据 出处 试题来源 题目来源 法规依据 参考依据 source reference 题目出处 试题依据 命题依据 教材依据 "
        "引用 考核依据 出题依据 知识来源 题目依据",
    DOMAIN:
        "领域 章节 目录 分类 知识点 所属题库 所属章节 题库分类 试题分类 题目分类 科目 专业 类目 category chapter "
        "domain subject topic 所属分类 所属目录 知识点名称 章 考点 模块 课程 题库 所属知识点 题库名称 知识分类 "
        "tag tags 标签 单元 试题目录 知识领域 classify",
    DIFFICULTY:
        "难度 难易度 题目难度 试题难度 难易程度 难度等级 难度系数 难易 difficulty level 等级 难度级别 nandu",
    CHECKED:
        "核对日期 核对时间",
    VALID:
        "有效期至 有效期",
    IGNORED:
        "分值 分数 得分 本题分值 score points mark marks 题目分值 备注 status 状态 timelimit timelimit(sec) time "
        "时间 创建时间 出题人 审核人 选项数 选项个数 答案个数 空数 单位 部门 imagelink 图片 图片链接 image "
        "建议分值 试题分数 出题单位 选项数量 默认分值 remark 关键字 audio video 命题人 作者 author 使用次数 版本 "
        "序列 考试时间 答题时间 time_limit 小题分数 每题分值",
}  # fmt: skip


def folded(header: str) -> str:
    """A header without its decorations: brackets and what is in them, stars, （必填）, white space, case."""
    text = unicodedata.normalize("NFKC", header).strip().lower()
    text = re.split(r"\n|\s[-–—]\s|--", text)[0] if len(text) > 12 else text
    bare = re.sub(r"[(\[【<{][^)\]】>}]*[)\]】>}]?", "", text)
    bare = re.sub(r"必填项?|选填|勿删|不可修改|\(必填|[*＊:：\s　'\"“”.]", "", bare if bare.strip() else text)
    return bare.strip("-_/、,，。;；!！?？")


_ROLES = {folded(alias): role for role, aliases in _ALIASES.items() for alias in aliases.split()}

# Names that give way to a plainer one in the same row: 标题 beside 题干, 类别 beside 题型.
_KINDS = {"判断题", "单选题", "多选题", "填空题", "简答题", "问答题", "选择题", "单项选择题", "多项选择题"}
_WEAK = {
    "标题",
    "试题标题",
    "title",
    "name",
    "内容",
    "content",
    "text",
    "类别",
    "类型",
    "type",
    "kind",
    "正确",
    "答",
    "right",
    "结果",
    "说明",
    "分析",
    "分类",
    "试题",
    "question",
}

_OPTION = re.compile(
    r"(?:(?:备?选项?|选择项?|答案选项|备选答案|待选项|选项内容|option_?|opt_?|choice_?|answer_?|xuanxiang|item_?|试题选项|ans)"
    r"[-_ ]?([a-z]|\d{1,2}|[一二三四五六七八九十])|"
    r"([a-z])[-_ ]?(?:选项内?容?|项|选择|option|答案|choice|选)|([a-z])|第?([一二三四五六七八]|\d)(?:个选项|选项|项))"
)
_ANSWER_LETTER = re.compile(r"(?:备选)?答案([a-z]|\d{1,2}|[一二三四五六])")
_LONG = re.compile(
    r"^(?:请?(?:填写|输入))?(题型|试题类型|题目类型|题干|题目内容|题目|试题内容|正确答案|标准答案|参考答案|答案解析|解析|选项内容|答案|难度|章节|知识点)"
)


@dataclass
class Columns:
    """Which column plays which part. Options are (number, column), in the order of their numbers."""

    parts: dict[str, int] = field(default_factory=dict)
    options: list[tuple[int, int]] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    known: int = 0
    filled: int = 0

    def get(self, part: str, cells: list[str]) -> str:
        column = self.parts.get(part)
        return cells[column] if column is not None and column < len(cells) else ""

    def name(self, part: str, otherwise: str) -> str:
        return self.names.get(self.parts.get(part, -1), otherwise)

    @property
    def is_header(self) -> bool:
        """Enough of the cells are known names: a stem and at least one thing about it."""
        useful = set(self.parts) - {STEM, IGNORED, NUMBER}
        if STEM not in self.parts:
            return False
        if useful or len(self.options) > 1:
            return self.known * 2 >= self.filled
        return self.known >= 2 and self.known * 2 >= self.filled

    def take_row_below(self, cells: list[str]) -> bool:
        """A second header row: letters under a merged 选项."""
        found = {
            column: role for column, cell in enumerate(cells) if cell.strip() and isinstance(role := _role(cell), int)
        }
        if len(found) < 2 or len(found) < sum(bool(cell.strip()) for cell in cells):
            return False
        if any(column in self.parts.values() and column != self.parts.get(OPTIONS) for column in found):
            return False
        self.parts.pop(OPTIONS, None)
        self.options = sorted((number, column) for column, number in found.items())
        return True


def columns_of(cells: list[str]) -> Columns:
    """What a row would say as a header row."""
    columns = Columns()
    options: dict[int, int] = {}
    weak: set[str] = set()
    for column, cell in enumerate(cells):
        if not cell.strip():
            continue
        columns.filled += 1
        if len(cell) > 120:
            continue
        columns.names[column] = " ".join(cell.split())[:40]
        role = _role(cell)
        if role is None:
            continue
        columns.known += 1
        if isinstance(role, int):
            options.setdefault(role, column)
        elif role not in columns.parts or (folded(cell) not in _WEAK and columns.names[columns.parts[role]] in weak):
            columns.parts[role] = column
        if folded(cell) in _WEAK:
            weak.add(columns.names[column])
    _settle(columns, options)
    if STEM not in columns.parts and KEY in columns.parts:
        _take_kind_as_stem(columns, cells)
    return columns


def _take_kind_as_stem(columns: Columns, cells: list[str]) -> None:
    """A header such as 判断题 | 答案: the kind's name stands over the stems."""
    for column, cell in enumerate(cells):
        if folded(cell) in _KINDS:
            columns.parts[STEM] = column
            columns.known += 1
            return


def _settle(columns: Columns, options: dict[int, int]) -> None:
    numbers = sorted(options)
    if numbers == [1] and OPTIONS not in columns.parts and KEY not in columns.parts:
        columns.parts[OPTIONS] = options.pop(1)
        numbers = []
    if numbers and numbers[0] == 0:
        options = {number + 1: column for number, column in options.items()}
    columns.options = sorted(options.items())
    if STEM not in columns.parts and len(columns.options) > 1:
        return


def _role(cell: str) -> str | int | None:
    text = folded(cell)
    if not text:
        return None
    if role := _ROLES.get(text):
        return role
    if found := _OPTION.fullmatch(text):
        return _option_number(next(group for group in found.groups() if group))
    if found := _ANSWER_LETTER.fullmatch(text):
        return _option_number(found[1])
    if len(text) <= 24 and (found := _LONG.match(text)):
        return _ROLES[found[1]]
    return None


def _option_number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    if text in "一二三四五六七八九十":
        return "一二三四五六七八九十".index(text) + 1
    return ord(text) - ord("a") + 1 if text <= "t" else None
