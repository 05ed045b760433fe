"""Check a file: what questions it holds, and what is wrong with the rest. Changes nothing, needs no database."""

import hashlib
import json
import logging
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from question_bank.content import QuestionContent
from question_bank.kinds import QuestionKind
from question_bank.pictures import PictureFile
from question_bank.progress import Progress, counted
from question_bank.reading.albums import Album
from question_bank.reading.choices import AS_UNDERSTOOD, Choices
from question_bank.reading.drafts import Draft, Found, RowProblem, Sheet, Unreadable
from question_bank.reading.files import found_in
from question_bank.reading.understanding import Understood
from question_bank.rows import judged
from question_bank.tags import kept

__all__ = [
    "AS_UNDERSTOOD", "Choices", "FoundQuestion", "Report", "RowProblem", "Unreadable", "check_file", "check_safely",
]  # fmt: skip

_log = logging.getLogger(__name__)

READER_FAILED = "读取这个文件时程序出了错，已记入日志。请把文件另存为 .xlsx 再试；仍不行，请把文件交给系统管理员。"


@dataclass(frozen=True)
class FoundQuestion:
    """A question and where in the file it stands."""

    sheet: str
    row: int
    content: QuestionContent
    tags: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        content = self.content
        shown = [{"place": place, "sha256": sha256} for place, sha256 in content.pictures]
        return {
            "sheet": self.sheet,
            "row": self.row,
            "kind": content.kind.value,
            "stem": content.stem,
            "options": list(content.options),
            "key": content.key_as_letters,
            "explanation": content.explanation,
            "source": content.source,
            "domain": content.domain,
            "difficulty": content.difficulty,
            **({"tags": list(self.tags)} if self.tags else {}),
            **({"pictures": shown} if shown else {}),
        }


@dataclass(frozen=True)
class Report:
    """What a check found: the import does exactly this.

    ``refused`` are the questions that have problems. Of a spreadsheet, ``sheets`` hold all its texts, and ``done_with``
    are sheet and row of each question that can be taken or repeats another. ``pictures`` are those that these
    questions show, by their SHA-256; ``album`` holds all of the file.
    """

    file: str
    readable: bool
    questions: tuple[FoundQuestion, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()
    duplicates: int = 0
    refused: tuple[Draft, ...] = ()
    understood: tuple[Understood, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    done_with: frozenset[tuple[str, int]] = frozenset()
    album: Album = field(default_factory=Album, compare=False)

    @property
    def total(self) -> int:
        return len(self.questions)

    @property
    def counts(self) -> dict[str, int]:
        """How many questions of each kind, all five named."""
        counted = Counter(question.content.kind for question in self.questions)
        return {kind.value: counted[kind] for kind in QuestionKind}

    @property
    def counts_by_domain(self) -> dict[str, int]:
        return dict(Counter(question.content.domain for question in self.questions))

    @property
    def counts_by_difficulty(self) -> dict[str, int]:
        return dict(Counter(question.content.difficulty for question in self.questions))

    @cached_property
    def pictures(self) -> dict[str, PictureFile]:
        shown = {sha256 for question in self.questions for _, sha256 in question.content.pictures}
        return {sha256: picture for sha256, picture in self.album.by_sha256.items() if sha256 in shown}

    @property
    def may_be_corrected(self) -> bool:
        """Whether there is a table in it of which a person may know better what its columns mean."""
        return any(understood.may_be_corrected for understood in self.understood)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all of it: what the organiser saw."""
        questions = [
            [q.sheet, q.row, q.content.digest, str(q.content.checked_on), str(q.content.valid_until), *q.tags]
            for q in self.questions
        ]
        value = [self.readable, questions, self.as_json()["problems"], self.as_json()["warnings"], self.duplicates]
        return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()

    def as_json(self) -> dict[str, object]:
        """The object of ``bank check --json``."""
        return {
            "file": self.file,
            "readable": self.readable,
            "total": self.total,
            "questions": self.counts,
            "problems": [problem.as_json() for problem in self.problems],
            "warnings": [warning.as_json() for warning in self.warnings],
            "duplicates": self.duplicates,
            **({"pictures": len(self.pictures)} if self.pictures else {}),
            "understood": [understood.as_json() for understood in self.understood],
        }


def check_file(
    data: bytes, filename: str, choices: Choices = AS_UNDERSTOOD, *, progress: Progress | None = None
) -> Report:
    """Read a file by its content, whatever its name ends in, and judge every question in it.

    ``choices`` say what a person knows better: which sheets and rows are read, which column plays which part.
    """
    try:
        found = found_in(data, filename, choices)
    except Unreadable as why:
        return Report(filename, False, problems=(RowProblem("", None, "", why.code, why.message),))
    return _report(filename, found, progress)


def check_safely(
    data: bytes, filename: str, choices: Choices = AS_UNDERSTOOD, *, progress: Progress | None = None
) -> Report:
    """``check_file`` for people: should a reader make a mistake, it is logged and they get a sentence.

    Damaged files are refused where they are parsed; what is caught here is a fault of our own, which tests, calling
    ``check_file``, are to see.
    """
    try:
        return check_file(data, filename, choices, progress=progress)
    except Exception:
        _log.exception("a reader failed on an upload of %d bytes", len(data))
        return Report(filename, False, problems=(RowProblem("", None, "", "reader_failed", READER_FAILED),))


def _report(filename: str, found: Found, progress: Progress | None) -> Report:
    questions: list[FoundQuestion] = []
    problems, warnings = list(found.problems), list(found.warnings)
    seen: dict[str, FoundQuestion] = {}
    bodies: dict[str, FoundQuestion] = {}
    duplicates, refused, done_with = 0, [], set()
    for draft in counted(found.drafts, progress):
        result = judged(draft, found.album)
        problems += result.problems
        if result.content is None:
            refused.append(draft)
            continue
        question = FoundQuestion(draft.sheet, draft.row, result.content, tuple(kept(draft.tags)))
        done_with.add((draft.sheet, draft.row))
        if result.content.fingerprint in seen:
            duplicates += 1
            continue
        warnings += result.warnings
        seen[result.content.fingerprint] = question
        body = result.content.body_fingerprint
        if body in bodies:
            warnings.append(_contradiction(draft.key_column, question, bodies[body]))
        bodies.setdefault(body, question)
        questions.append(question)
    if not questions and not problems:
        problems.append(
            RowProblem("", None, "", "no_questions", "文件里没有认出一道试题。请对照空白导入模板，检查表头和内容。")
        )
    return Report(
        filename,
        True,
        tuple(questions),
        tuple(problems),
        tuple(warnings),
        duplicates,
        tuple(refused),
        tuple(found.understood),
        tuple(found.sheets),
        frozenset(done_with),
        found.album,
    )


def _contradiction(column: str, question: FoundQuestion, earlier: FoundQuestion) -> RowProblem:
    sheet = f"工作表“{earlier.sheet}”" if earlier.sheet and earlier.sheet != question.sheet else ""
    message = f"与{sheet}第 {earlier.row} 行题干、选项相同而答案不同，请核对哪一个对。"
    return RowProblem(question.sheet, question.row, column, "contradicts_row", message)
