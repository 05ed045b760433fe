"""axe looks at every page in ``test_every_page``; here it is shown that it would find something, and what it skips."""

from tests.browser.axe import Looked, axe, findings
from tests.browser.conftest import PHONE, Site, Visit


def test_axe_would_find_a_picture_without_words(fair: Site, visit: Visit) -> None:
    page = visit(fair, PHONE).go("/help")
    add = "document.querySelector('main').appendChild(document.createElement('img'))"
    page.evaluate(f"{add}.src = '/static/favicon.svg'")
    page.evaluate(axe())
    assert [finding.split(":")[0] for finding in findings(page)] == ["image-alt"]


def test_it_passes_over_what_it_has_seen_letter_for_letter(fair: Site, visit: Visit) -> None:
    visitor, looked = visit(fair, PHONE), Looked(is_signed_in=False)
    assert [looked.is_new(visitor.go(path)) for path in ("/help", "/register", "/help", "/")] == [
        True,
        True,
        False,
        True,
    ]
