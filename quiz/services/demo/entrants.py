"""The people of the finished sample contest: who they are, how well they know, and how they go about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from quiz.models import Credential, Person
from quiz.rules.accounts import CONSENT_VERSION
from quiz.rules.names import masked
from quiz.services.belonging import belonging_of
from quiz.services.demo.district import DISTRICT, EMPLOYERS, TYPED_UNITS

_SURNAMES = (*"王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹", "欧阳", "上官")
_FIRST = "志文晓建海玉雅子思永春秀丽国家明佳梦俊天若静小宏"
_SECOND = "强华敏燕军平芳杰涛玲宁辉婷琳峰洁鹏欣磊雪文霞涵远"


SPREAD = 37_654_321
"""Makes different numbers that do not follow each other: numbers in a row would be something for a judge to look at."""


@dataclass(frozen=True)
class Entrant:
    """``skill``: how likely a question of middling difficulty is answered rightly."""

    person: Person
    skill: float


def entrants(session: Session, chance: Random, *, now: datetime) -> Iterator[Entrant]:
    """300 people who registered, without a password: nobody can sign in as one of them."""
    for number, place in enumerate(_places(chance), 1):
        second = chance.choice(_SECOND) if chance.random() < 0.8 else ""
        name = chance.choice(_SURNAMES) + chance.choice(_FIRST) + second
        person = Person(
            kind="",
            name=name,
            masked_name=masked(name),
            phone=f"199{number * SPREAD % 100_000_000:08d}",
            consent_version=CONSENT_VERSION,
            consented_at=now,
            created_at=now,
            is_sample=True,
        )
        belonging, _complaints = belonging_of(**place)
        assert belonging
        belonging.put_on(person)
        session.add(person)
        session.flush()
        lookup = f"{person.phone}/1"
        session.add(Credential(person_id=person.id, lookup=lookup, secret=None, changed_at=now))
        yield Entrant(person, min(0.98, max(0.3, chance.gauss(0.74, 0.16))))


def _places(chance: Random) -> list[dict[str, str]]:
    """Where each of them lives or works, in no order."""
    places = [
        _place("resident", street=street.code, community=street.community_code(1 + n % len(street.communities)))
        for street in DISTRICT
        for n in range(street.share)
    ]
    places += [_place("employee", unit=unit.code) for unit in EMPLOYERS for _ in range(unit.share)]
    places += [_place("employee", unit_name=name) for name in TYPED_UNITS for _ in range(2)]
    chance.shuffle(places)
    return places


def _place(kind: str, *, street: str = "", community: str = "", unit: str = "", unit_name: str = "") -> dict[str, str]:
    return {"kind": kind, "street": street, "community": community, "unit": unit, "unit_name": unit_name}
