"""axe looks at every page in ``test_every_page``; here it is shown that it would find something."""

from tests.browser.axe import axe, findings
from tests.browser.conftest import PHONE, Site, Visit


def test_axe_would_find_a_picture_without_words(fair: Site, visit: Visit) -> None:
    page = visit(fair, PHONE).go("/help")
    add = "document.querySelector('main').appendChild(document.createElement('img'))"
    page.evaluate(f"{add}.src = '/static/favicon.svg'")
    page.evaluate(axe())
    assert [finding.split(":")[0] for finding in findings(page)] == ["image-alt"]
