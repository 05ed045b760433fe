"""Questions that are nearly the same, side by side."""

from flask import Blueprint, render_template

from question_bank.queries import batch_of
from quiz.errors import NotFound
from quiz.queries import bank as find
from quiz.queries.likeness import Alike, alike_in_bank, alike_in_file
from quiz.rules.permissions import Permission
from quiz.services import bank as acts
from quiz.web.access import require_all_domains, requires
from quiz.web.paging import page_of_rows
from quiz.web.side_by_side import shown_pairs
from quiz.web.views.bank import key_in_words

bp = Blueprint("alike", __name__, url_prefix="/console/bank")

PAIRS_ON_A_PAGE = 20


@bp.get("/imports/<int:batch_id>/alike")
@requires(Permission.BANK_IMPORT)
def batch(batch_id: int) -> str:
    """查找相近的题: of a file that waits for its import, inside it and against the bank."""
    found = batch_of(batch_id)
    if found is None:
        raise NotFound
    alike = alike_in_file(acts.report_of(found), found.bank_name)
    return render_template("alike/batch.html", batch=found, **page_of(alike))


@bp.get("/<int:bank_id>/alike")
@requires(Permission.BANK_READ)
def bank(bank_id: int) -> str:
    """题库里相近的题."""
    require_all_domains()
    found = find.bank_by_id(bank_id)
    if found is None:
        raise NotFound
    return render_template("alike/bank.html", bank=found, **page_of(alike_in_bank(bank_id)))


def page_of(alike: Alike) -> dict[str, object]:
    """The pairs of the page that was asked for."""
    shown, page, pages = page_of_rows(alike.likeness.pairs, PAIRS_ON_A_PAGE)
    return {
        "likeness": alike.likeness,
        "pairs": shown_pairs(alike, shown),
        "page": page,
        "pages": pages,
        "key_in_words": key_in_words,
    }
