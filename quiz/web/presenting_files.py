"""答卷档案 as judges read it: every question with its answer, times, points and the ruling behind them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from question_bank.content import TRUE
from question_bank.kinds import QuestionKind
from quiz.models import Answer, Marking, Ruling, UsualTime
from quiz.queries.attempt_files import AttemptFile
from quiz.queries.attempts import Position
from quiz.rules.marking import RulingKind
from quiz.services.receipts import receipt_of_ended
from quiz.web.charts import Timed, time_chart
from quiz.web.filters import elapsed_in_words, full_moment, plain_number, points_in_words
from quiz.web.pictures import pictures_at, sizes_in
from quiz.web.presenting import chosen_in, key_in_words, options_shown
from quiz.web.presenting_rulings import paper_under

RULING_WORDS = {
    RulingKind.ANOTHER_KEY: "更正答案",
    RulingKind.FULL_MARKS: "全体给分",
    RulingKind.OUT_OF_TOTAL: "不计分",
    RulingKind.SET_ASIDE: "作废",
    RulingKind.EXTRA_TIME: "补时",
    RulingKind.UNDO: "恢复",
}


def file_page(file: AttemptFile, *, slug: str, name: str) -> dict[str, Any]:
    """What signals/_file.html shows. ``name``: in full only for who may see it."""
    attempt, zone = file.attempt, file.attempt.entry.contest.terms.time_zone
    return {
        "attempt": attempt,
        "entry": attempt.entry,
        "name": name,
        "facts": _facts(file, zone),
        "questions": questions_of(file, slug),
        "chart": time_chart(times_of(file)),
        "markings": [_marking(marking, zone) for marking in file.markings],
        "rulings": [_ruling(ruling, zone) for ruling in file.rulings],
        "stands": _standing(file.rulings),
        "receipt": attempt.receipt or "",
        "receipt_fits": receipt_fits(file),
        "note": file.note,
        "appeal": file.appeal,
        "zone": zone,
    }


def receipt_fits(file: AttemptFile) -> bool | None:
    """Whether what is stored still gives the receipt of the hand-in; None without one."""
    if not file.attempt.receipt or not file.markings:
        return None
    return receipt_of_ended(file.attempt, file.markings[0]) == file.attempt.receipt


def _facts(file: AttemptFile, zone: str) -> list[tuple[str, str]]:
    attempt, entry = file.attempt, file.attempt.entry
    score = f"{points_in_words(attempt.score)} 分，满分 {points_in_words(attempt.full)} 分" if attempt.full else ""
    ended = f"{_to_the_second(attempt.ended_at, zone)}，{_ENDED_BY.get(attempt.ended_by or '', '')}"
    found = [
        ("参赛编号", entry.entry_code),
        ("街道", entry.street.name if entry.street else ""),
        ("单位", entry.unit.name if entry.unit else entry.unit_name or ""),
        ("第几次", f"第 {attempt.number} 次作答" + (f"（{attempt.period}）" if attempt.period else "")),
        ("得分", score),
        ("开始", _to_the_second(attempt.started_at, zone)),
        ("交卷", ended if attempt.ended_at else "还在答"),
        ("用时", elapsed_in_words(attempt.elapsed_ms)),
        ("补时", elapsed_in_words(attempt.extra_ms) if attempt.extra_ms else ""),
        ("摊位", file.stall),
        ("抽题种子", file.paper.seed),
    ]
    return [(label, value) for label, value in found if value]


_ENDED_BY = {"person": "本人交卷", "clock": "到时自动交卷"}


def _to_the_second(moment: datetime | None, zone: str) -> str:
    return f"{full_moment(moment, zone)}:{moment.second:02d}" if moment else ""


def time_of_day(moment: datetime, zone: str) -> str:
    """9:04:07"""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.hour}:{local.minute:02d}:{local.second:02d}"


def times_of(file: AttemptFile) -> list[Timed]:
    own = file.seconds()
    return [_timed(position, own, file.usual.get(position.line.version)) for position in file.paper.positions]


def _timed(position: Position, own: Mapping[int, float], usual: UsualTime | None) -> Timed:
    seconds = own.get(position.line.version)
    if usual is None:
        return Timed(position.number, seconds)
    return Timed(position.number, seconds, usual.quick_ms / 1000, usual.usual_ms / 1000, usual.slow_ms / 1000)


def questions_of(file: AttemptFile, slug: str) -> list[dict[str, Any]]:
    """Each question of the paper as shown, with everything that is kept about its answer."""
    zone = file.attempt.entry.contest.terms.time_zone
    paper = paper_under(file.paper, file.about_questions)
    sizes = sizes_in(position.content for position in paper.positions)
    last = file.markings[-1] if file.markings else None

    def url_of(sha256: str) -> str:
        return url_for("pictures.of_file", slug=slug, attempt_id=file.attempt.id, sha256=sha256)

    found = []
    for position, timed in zip(paper.positions, times_of(file), strict=True):
        answer = file.answers.get(position.number)
        question = {
            **_shown(position, answer),
            **_marks(position, last, file.about_questions.get(position.line.version)),
            "stem_pictures": pictures_at(position.content, 0, url_of, sizes),
            "own_words": _seconds(timed.own_s),
            "usual_words": _seconds(timed.usual_s),
            "first_words": time_of_day(answer.first_at, zone) if answer else "",
            "last_words": time_of_day(answer.last_at, zone) if answer else "",
            "changes": answer.revision if answer else 0,
            "away_words": elapsed_in_words(answer.away_ms) if answer and answer.away_ms else "",
        }
        for option in question["options"]:
            option["pictures"] = pictures_at(position.content, option["number"], url_of, sizes)
        found.append(question)
    return found


def _shown(position: Position, answer: Answer | None) -> dict[str, Any]:
    chosen = chosen_in(answer)
    return {
        "position": position.number,
        "version": position.line.version,
        "kind_label": position.content.kind.label,
        "stem": position.content.stem,
        "options": [
            {**option, "chosen": option["number"] in chosen, "right": option["number"] in position.content.choices}
            for option in options_shown(position)
        ],
        "answer_words": _in_words(position, chosen) or "没有答",
        "answer_texts": _texts(position, chosen) or "没有答",
        "key_words": key_in_words(position),
    }


def _in_words(position: Position, chosen: list[Any]) -> str:
    """What was answered, as the key is said."""
    if position.content.kind is QuestionKind.FILL_BLANK:
        return "；".join(map(str, chosen))
    if position.content.kind is QuestionKind.TRUE_FALSE:
        return "".join("对" if number == TRUE else "错" for number in chosen)
    return "".join(position.form.show(chosen))


def _texts(position: Position, chosen: list[Any]) -> str:
    """What was answered in the options' own words, which two papers can be compared by."""
    if not position.content.options:
        return _in_words(position, chosen)
    texts = position.content.options_in_words
    return "；".join(texts[number - 1] for number in sorted(chosen))


def _marks(position: Position, last: Marking | None, ruling: Ruling | None) -> dict[str, Any]:
    place = position.number - 1
    points, worth = (last.points[place], last.worth[place]) if last else (None, position.line.points)
    return {
        "points_words": points_in_words(points),
        "worth_words": points_in_words(worth),
        "is_right": last is not None and bool(worth) and points == worth,
        "ruling_words": f"{RULING_WORDS[RulingKind(ruling.kind)]}（裁定 {ruling.id}）" if ruling else "",
    }


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{plain_number(round(seconds, 1))} 秒" if seconds >= 0.1 else "不到 0.1 秒"


def _marking(marking: Marking, zone: str) -> dict[str, Any]:
    return {
        "number": marking.number,
        "why": "交卷时" if marking.number == 1 else "重新阅卷",
        "made_words": _to_the_second(marking.made_at, zone),
        "score_words": f"{points_in_words(marking.score)}/{points_in_words(marking.full)}",
        "made_from": marking.made_from,
    }


def _ruling(ruling: Ruling, zone: str) -> dict[str, Any]:
    whole = ruling.attempt_id is None and ruling.entry_id is not None
    undone = "撤销补时" if ruling.kind == RulingKind.EXTRA_TIME and ruling.undoes_id else ""
    return {
        "id": ruling.id,
        "what": (undone or RULING_WORDS[RulingKind(ruling.kind)]) + ("（整个参赛资格）" if whole else ""),
        "reason": ruling.reason,
        "made_by": ruling.made_by,
        "made_words": _to_the_second(ruling.made_at, zone),
    }


def _standing(rulings: Any) -> list[Ruling]:
    """The rulings that set the attempt aside at this moment: each may be undone."""
    undone = {ruling.undoes_id for ruling in rulings}
    return [ruling for ruling in rulings if ruling.kind == RulingKind.SET_ASIDE and ruling.id not in undone]


def shared_questions(first: dict[str, Any], second: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Questions that both papers show, in the order of the first."""
    others = {question["version"]: question for question in second["questions"]}
    return [(question, others[question["version"]]) for question in first["questions"] if question["version"] in others]
