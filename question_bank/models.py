"""Tables of the question bank."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.content import QuestionContent
from question_bank.database import Base, where
from question_bank.kinds import QuestionKind


class Bank(Base):
    """题库: a named set of questions; a contest draws from one."""

    __tablename__ = "banks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    opened_for_practice_at: Mapped[datetime | None]  # while set, everybody may practise on its questions


class Domain(Base):
    """领域, in two levels: 产品, and 食品 under it. ``path`` is the way questions name it: 产品/食品."""

    __tablename__ = "domains"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("domains.id"))
    lead_department: Mapped[str] = mapped_column(default="")
    place: Mapped[int] = mapped_column(default=0)

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


class Question(Base):
    """试题: what stays the same while its versions follow each other."""

    __tablename__ = "questions"
    __table_args__ = (
        # The same question twice in a bank is an import tapped twice.
        Index("one_live_question", "bank_id", "fingerprint", unique=True, **where("retired_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"), index=True)
    fingerprint: Mapped[str]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    versions: Mapped[list["QuestionVersion"]] = relationship(
        back_populates="question", order_by="QuestionVersion.number", cascade="all, delete-orphan"
    )

    @property
    def current(self) -> "QuestionVersion":
        return self.versions[-1]


class QuestionVersion(Base):
    """试题版本. Never changed once written: papers, attempts and rulings point at it."""

    __tablename__ = "question_versions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    number: Mapped[int]
    kind: Mapped[str]
    stem: Mapped[str]
    options: Mapped[list[Any]]  # texts in the author's order, numbered from 1
    choices: Mapped[list[Any]]  # the key: option numbers, sorted; 判断: 1 对, 2 错
    blanks: Mapped[list[Any]]  # the key of 填空: accepted texts for each blank
    model_answer: Mapped[str] = mapped_column(default="")
    explanation: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    domain_id: Mapped[int | None] = mapped_column(ForeignKey("domains.id"), index=True)
    domain_path: Mapped[str] = mapped_column(default="")  # as it was when the version was written
    difficulty: Mapped[str] = mapped_column(default="")
    # [[0, "<sha256>"], [2, "<sha256>"]]: pictures of the stem (0) and of options by their number
    pictures: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    checked_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    digest: Mapped[str]
    created_at: Mapped[datetime]
    author: Mapped[str] = mapped_column(default="")

    question: Mapped[Question] = relationship(back_populates="versions")

    @property
    def content(self) -> QuestionContent:
        return QuestionContent(
            kind=QuestionKind(self.kind),
            stem=self.stem,
            options=tuple(self.options),
            choices=frozenset(self.choices),
            blanks=tuple(tuple(texts) for texts in self.blanks),
            model_answer=self.model_answer,
            explanation=self.explanation,
            source=self.source,
            domain=self.domain_path,
            difficulty=self.difficulty,
            pictures=tuple((place, sha256) for place, sha256 in self.pictures),
            checked_on=self.checked_on,
            valid_until=self.valid_until,
        )


class ImportBatch(Base):
    """导入批次: one uploaded file, from its check to its import and, maybe, its undoing.

    ``data`` is the file between check and import, and after it the rows left behind, as a workbook. ``report_digest``
    is what the organiser saw: the import does that or nothing.
    """

    __tablename__ = "import_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int | None] = mapped_column(ForeignKey("banks.id"))
    bank_name: Mapped[str]
    filename: Mapped[str]
    sha256: Mapped[str]
    author: Mapped[str]
    data: Mapped[bytes | None] = mapped_column(LargeBinary)
    report_digest: Mapped[str]
    # What the organiser said about the file: which column plays which part, which sheets are passed over.
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    checked_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    taken: Mapped[int] = mapped_column(default=0)
    left: Mapped[int] = mapped_column(default=0)
    already: Mapped[int] = mapped_column(default=0)
    duplicates: Mapped[int] = mapped_column(default=0)


class Picture(Base):
    """A picture of a stem or an option, kept once however many questions show it."""

    __tablename__ = "pictures"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]  # told by its content: image/png, image/jpeg, image/gif, image/webp
    width: Mapped[int]
    height: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class QuestionTag(Base):
    """A word by which the staff find questions again; no participant sees it."""

    __tablename__ = "question_tags"

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class QuestionReview(Base):
    """审题: what a reviewer said about one version, appended only; the last one stands. A new version begins anew."""

    __tablename__ = "question_reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    state: Mapped[str]  # "reviewed" or "sent_back"
    reviewer: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class LongWork(Base):
    """How far a long act has come, for the page that waits for it. Rows are of no worth afterwards."""

    __tablename__ = "long_works"

    token: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]


class VersionIsFixed(Exception):
    """Somebody tried to change a question version that papers may already have shown."""


@event.listens_for(QuestionVersion, "before_update")
def _refuse_change(_mapper: Any, _connection: Any, version: QuestionVersion) -> None:
    raise VersionIsFixed(version.id)
