"""Verifying a bundle: every record must be the one that follows from the facts. The first that is not is named."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from quiz.rules.bundle import FORMAT, KINDS, OutOfOrder, Record, Recount, checked, hundredths
from quiz.rules.contest import from_stored
from quiz.rules.marking import RulingKind
from quiz.rules.prizes import check_draw
from quiz.rules.terms_reader import TermsError

_KEYS = {
    "head": "record format contest title seal sealed_at previous reason terms rules pool counts",
    "terms": "record number sha256 changed_at reason value",
    "area": "record code name kind parent headcount",
    "unit": "record code name class street headcount",
    "version": "record version kind domain difficulty options pinned digest",
    "ruling": "record number kind about value reason made_at undoes",
    "entry": "record entry street unit class rank score exact finished_at attempts",
    "ladder": "record by rank code score exact measures participants nonzero entries mean total",
    "draw": "record draw",
}
_ATTEMPT = "period number day started_at ended_at elapsed_ms score full answered set_aside receipt counts"
KEYS = {kind: frozenset(keys.split()) for kind, keys in _KEYS.items()}
ATTEMPT = frozenset(_ATTEMPT.split())
LATER = frozenset({"rules"})
"""What bundles sealed before it was thought of do not say, and are verified all the same."""

WORDS = {
    "rank": "名次",
    "score": "得分",
    "exact": "精确值",
    "finished_at": "完成时间",
    "counts": "是否计入",
    "day": "答题日期",
    "measures": "指标",
    "participants": "参与人数",
    "nonzero": "得分不为 0 的人数",
    "entries": "开始过答题的人数",
    "mean": "平均成绩",
    "total": "总成绩",
}


class Misfit(Exception):
    """The first record that does not fit. ``where`` names it, ``why`` says what is wrong, both in Chinese."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(where, why)
        self.where, self.why = where, why


def name_of(record: Record) -> str:
    """How a record is called in a sentence."""
    kind = record.get("record")
    names: dict[Any, Callable[[], str]] = {
        "head": lambda: "首条",
        "terms": lambda: f"规程第 {record.get('number')} 版",
        "area": lambda: f"街道社区 {record.get('code')}",
        "unit": lambda: f"单位 {record.get('code')}",
        "version": lambda: f"试题版本 {record.get('version')}",
        "ruling": lambda: f"裁定 {record.get('number')}",
        "entry": lambda: f"参赛编号 {record.get('entry')}",
        "ladder": lambda: f"{'单位榜' if record.get('by') == 'unit' else '街道榜'} {record.get('code')}",
        "draw": lambda: f"第 {record['draw']['number']} 次抽奖" if _is_numbered(record.get("draw")) else "抽奖",
    }
    return names[kind]() if isinstance(kind, str) and kind in names else "记录"


class Check:
    """Takes the records one after another; raises Misfit at the first that does not follow from those before it."""

    def __init__(self) -> None:
        self.head: Record | None = None
        self.contest = ""
        self._counts = dict.fromkeys(KINDS[1:], 0)
        self._stage = 0
        self._recount: Recount | None = None
        self._terms: list[Record] = []
        self._codes: dict[str, set[str]] = {"area": set(), "unit": set(), "street": set()}
        self._pool: dict[int, str] = {}
        self._rulings: list[Record] = []
        self._aside: dict[tuple[Any, ...], int] = {}
        self._entries: set[str] = set()
        self._ladders: Iterator[dict[str, Any]] | None = None

    def take(self, record: Any) -> None:
        """The next record."""
        if not isinstance(record, dict) or not isinstance(record.get("record"), str) or record["record"] not in KEYS:
            raise Misfit("记录", "不是数据包里的记录")
        kind, where = record["record"], name_of(record)
        facts = {key: value for key, value in record.items() if key != "check"}
        if wrong := (set(facts) ^ KEYS[kind]) - (LATER - set(facts)):
            raise Misfit(where, f"项目不对：{'、'.join(sorted(map(str, wrong)))}")
        with _understood(where):
            self._enter(kind)
            getattr(self, f"_take_{kind}")(facts)
        if checked(facts) != record:
            raise Misfit(where, "内容和这一行的校验码对不上")
        if kind != "head":
            self._counts[kind] += 1

    def end(self) -> None:
        """No record is left. Raises Misfit where some should be."""
        if self.head is None:
            raise Misfit("首条", "数据包是空的")
        with _understood("榜单"):
            self._enter("draw")
            missing = next(self._ladder_rows(), None)
        if missing is not None:
            raise Misfit(name_of(missing), "榜单里少了这一行")
        for kind, count in self._counts.items():
            if self.head["counts"].get(kind) != count:
                raise Misfit("首条", f"{kind} 记录写着 {self.head['counts'].get(kind)} 条，实际 {count} 条")

    def _enter(self, kind: str) -> None:
        stage = KINDS.index(kind)
        if (stage == 0) != (self.head is None) or stage < self._stage:
            raise Misfit("记录", f"{kind} 记录的位置不对")
        for passed in KINDS[self._stage : stage]:
            if leave := getattr(self, f"_leave_{passed}", None):
                leave()
        self._stage = stage

    # --- what the contest is ------------------------------------------------------------------------------------------

    def _take_head(self, record: Record) -> None:
        if record["format"] != FORMAT:
            raise Misfit("首条", f"是第 {record['format']} 版格式，这里只认第 {FORMAT} 版")
        if not isinstance(record["counts"], dict) or set(record["counts"]) != set(KINDS[1:]):
            raise Misfit("首条", "各类记录的条数不全")
        self.head, self.contest = record, str(record["contest"])

    def _take_terms(self, record: Record) -> None:
        if record["number"] != len(self._terms) + 1:
            raise Misfit(name_of(record), f"版号应是 {len(self._terms) + 1}")
        self._terms.append(record)

    def _leave_terms(self) -> None:
        assert self.head
        if not self._terms:
            raise Misfit("首条", "没有规程")
        last = self._terms[-1]
        if any(record["value"] is not None for record in self._terms[:-1]) or not isinstance(last["value"], str):
            raise Misfit(name_of(last), "只有最后一版规程带全文")
        digest = hashlib.sha256(last["value"].encode()).hexdigest()
        if digest != last["sha256"]:
            raise Misfit(name_of(last), "全文和它的校验码对不上")
        if digest != self.head["terms"]:
            raise Misfit("首条", "规程的校验码和最后一版规程对不上")
        self._recount = Recount(from_stored(last["value"]))

    def _take_area(self, record: Record) -> None:
        self._place(record, "area", record["kind"] == "street")

    def _take_unit(self, record: Record) -> None:
        self._place(record, "unit", False)

    def _place(self, record: Record, kind: str, is_street: bool) -> None:
        assert self._recount
        headcount = record["headcount"]
        if isinstance(headcount, bool) or not isinstance(headcount, int) or headcount < 0:
            raise Misfit(name_of(record), "应参加人数应是 0 或正整数")
        if record["code"] in self._codes[kind]:
            raise Misfit(name_of(record), "这个编码出现了两次")
        self._codes[kind].add(record["code"])
        if is_street:
            self._codes["street"].add(record["code"])
        self._recount.place(record)

    def _take_version(self, record: Record) -> None:
        if record["version"] in self._pool:
            raise Misfit(name_of(record), "这个版本出现了两次")
        self._pool[record["version"]] = record["digest"]

    def _leave_version(self) -> None:
        assert self.head
        lines = "\n".join(f"{version}:{digest}" for version, digest in sorted(self._pool.items()))
        if hashlib.sha256(lines.encode()).hexdigest() != self.head["pool"]:
            raise Misfit("首条", "抽题范围的校验码和各道试题对不上")

    # --- rulings ------------------------------------------------------------------------------------------------------

    def _take_ruling(self, record: Record) -> None:
        where = name_of(record)
        if record["number"] != len(self._rulings) + 1:
            raise Misfit(where, f"序号应是 {len(self._rulings) + 1}")
        undoes = record["undoes"]
        if undoes is not None and not 1 <= undoes <= len(self._rulings):
            raise Misfit(where, f"撤销的裁定 {undoes} 不在它前面")
        version = record["about"].get("version")
        if version is not None and version not in self._pool:
            raise Misfit(where, f"试题版本 {version} 不在抽题范围里")
        self._rulings.append(record)

    def _leave_ruling(self) -> None:
        """What stands set aside: attempts, and entries whole."""
        undone = {record["undoes"] for record in self._rulings}
        for record in self._rulings:
            stands = record["undoes"] is None and record["number"] not in undone
            if stands and record["kind"] == RulingKind.SET_ASIDE:
                self._aside[_target(record["about"])] = record["number"]

    # --- entries and ladders ------------------------------------------------------------------------------------------

    def _take_entry(self, record: Record) -> None:
        assert self._recount
        where = name_of(record)
        if not isinstance(record["entry"], str) or record["entry"] in self._entries:
            raise Misfit(where, "这个编号出现了两次")
        self._entries.add(record["entry"])
        for by in ("street", "unit"):
            if record[by] is not None and record[by] not in self._codes[by]:
                raise Misfit(where, f"{'街道' if by == 'street' else '单位'} {record[by]} 不在这场竞赛里")
        for place, attempt in enumerate(record["attempts"], 1):
            self._attempt(f"{where} 第 {place} 份答卷", record["entry"], attempt)
        _compare(where, record, self._recount.entry(record))

    def _attempt(self, where: str, entry: str, attempt: Any) -> None:
        assert self._recount
        if not isinstance(attempt, dict) or set(attempt) != ATTEMPT:
            raise Misfit(where, "项目不对")
        score, full = hundredths(attempt["score"]), hundredths(attempt["full"])
        if not 0 <= score <= full <= self._recount.terms.full:
            raise Misfit(where, f"得分 {attempt['score']} 不在 0 到满分之间")
        started, ended = map(datetime.fromisoformat, (attempt["started_at"], attempt["ended_at"]))
        if attempt["elapsed_ms"] != (ended - started) // timedelta(milliseconds=1) or ended < started:
            raise Misfit(where, f"用时 {attempt['elapsed_ms']} 毫秒和起止时间对不上")
        keys = [(entry,), (entry, attempt["period"], attempt["number"])]
        rulings = [self._aside[key] for key in keys if key in self._aside]
        if attempt["set_aside"] != bool(rulings):
            if rulings:
                raise Misfit(where, f"裁定 {rulings[0]} 已作废它，却照常计算")
            raise Misfit(where, "写着作废，却没有有效的作废裁定")

    def _take_ladder(self, record: Record) -> None:
        expected = next(self._ladder_rows(), None)
        if expected is None:
            raise Misfit(name_of(record), "榜单里多了这一行")
        _compare(name_of(record), record, expected)

    def _ladder_rows(self) -> Iterator[dict[str, Any]]:
        assert self._recount
        if self._ladders is None:
            self._ladders = self._recount.ladders()
        return self._ladders

    def _take_draw(self, record: Record) -> None:
        draw, where = record["draw"], name_of(record)
        if why := check_draw(draw):
            raise Misfit(where, why)
        if draw["contest"] != self.contest:
            raise Misfit(where, f"是另一场竞赛 {draw['contest']} 的")
        winners = {code for tier in draw["tiers"] for code in tier["winners"]}
        if strangers := sorted(winners - self._entries):
            raise Misfit(where, f"中奖的参赛编号 {strangers[0]} 不在这场竞赛里")


@contextmanager
def _understood(where: str) -> Iterator[None]:
    """Whatever makes no sense inside is a Misfit too."""
    try:
        yield
    except OutOfOrder:
        raise Misfit(where, "不在应在的位置上：个人榜的先后不对，或者同一个编号出现了两次") from None
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, TermsError) as error:
        raise Misfit(where, f"里面的值读不懂（{error}）") from error


def _is_numbered(draw: Any) -> bool:
    return isinstance(draw, dict) and "number" in draw


def _target(about: Record) -> tuple[Any, ...]:
    """An attempt by its entry, period and number, or the entry whole."""
    return (about["entry"], about["period"], about["attempt"]) if "attempt" in about else (about.get("entry"),)


def _compare(where: str, found: Record, expected: Record) -> None:
    """Raises Misfit at the first value that is not what follows from the facts."""
    if (found.get("by"), found.get("code")) != (expected.get("by"), expected.get("code")):
        raise Misfit(where, f"这个位置上应是{name_of(expected)}")
    for key in (*(k for k in expected if k != "attempts"), "attempts"):
        if key not in expected or (found[key] == expected[key] and type(found[key]) is type(expected[key])):
            continue
        if key == "attempts":
            _compare_attempts(where, found[key], expected[key])
        else:
            raise Misfit(where, f"{WORDS.get(key, key)}写着 {_shown(found[key])}，算出来是 {_shown(expected[key])}")


def _compare_attempts(where: str, found: list[Record], expected: list[Record]) -> None:
    for place, (one, other) in enumerate(zip(found, expected, strict=True), 1):
        for key in ("counts", "day"):
            if one[key] != other[key]:
                raise Misfit(
                    f"{where} 第 {place} 份答卷", f"{WORDS[key]}写着 {_shown(one[key])}，应是 {_shown(other[key])}"
                )


def _shown(value: Any) -> str:
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "，".join(f"{key} {part}" for key, part in value.items()) if isinstance(value, dict) else str(value)
