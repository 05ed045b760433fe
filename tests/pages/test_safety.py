"""No key before the end, nobody's name or phone to others, and no page without a rule of who may use it."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter, BaseConverter, Rule

from question_bank.database import db, transaction
from question_bank.models import QuestionVersion
from quiz.app import PlatformRequest
from quiz.models import Contest, Paper, Person, StaffRole
from quiz.rules.permissions import GRANTS, Permission, Role
from quiz.web.access import access_of
from quiz.web.guard import Number
from tests.builders import a_contest, a_person, a_street, a_unit, an_ended_attempt, csrf_of, post, sign_in
from tests.conftest import StillClock

JSON = {"Accept": "application/json"}
SECRET = "秘"  # begins every explanation, source and accepted text of the builders
NAME, PHONE = "欧阳秘书长", "13912345678"


@pytest.fixture
def contest(app: Flask, clock: StillClock) -> Contest:
    with app.app_context():
        return a_contest(clock())


@pytest.fixture
def person(app: Flask, clock: StillClock) -> Person:
    with app.app_context():
        return a_person(clock(), name="王小明")


def some_value(kind: BaseConverter) -> Any:
    if isinstance(kind, AnyConverter):
        return sorted(kind.items)[0]
    return 1 if isinstance(kind, Number) else "x"


def addresses(app: Flask, method: str = "GET", **values: Any) -> list[tuple[Rule, str]]:
    """Every address of the app that answers this method, with these values in it and any for the others."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint == "static" or method not in (rule.methods or ()):
                continue
            filled = {name: some_value(kind) for name, kind in rule._converters.items()}
            filled |= {name: value for name, value in values.items() if name in filled}
            built = rule.build(filled, append_unknown=False)
            assert built
            found.append((rule, built[1]))
    return found


# --- keys ------------------------------------------------------------------------------------------------------------


def test_no_key_is_in_any_byte_sent_before_the_end(
    app: Flask, client: FlaskClient, contest: Contest, person: Person
) -> None:
    sign_in(client, person)
    attempt = post(client, f"/contests/{contest.slug}/attempts").location
    values = {"slug": contest.slug, "attempt_id": int(attempt.rsplit("/", 1)[1])}
    sent = []
    for _rule, path in addresses(app, **values):
        for query in ("", "?by=person", "?by=unit", "?by=street", *(f"?q={n}" for n in range(1, 6))):
            for headers in ({}, JSON):
                reply = client.get(path + query, headers=headers)
                sent.append((path + query, reply.get_data(as_text=True) + str(reply.headers)))
    for number in range(1, 6):
        reply = client.put(
            f"{attempt}/answers/{number}", json={"answer": []}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        sent.append((f"save {number}", reply.get_data(as_text=True)))
        sent.append((f"form {number}", post(client, f"{attempt}/answers/{number}").get_data(as_text=True)))
    assert len(sent) > 60
    seed = _seed(app)
    for path, text in sent:
        assert SECRET not in text and "\\u79d8" not in text, path
        assert seed not in text, path
        assert not re.search(r'"(key|choices|explanation|source|seed)"', text), path
    assert any("第 3/5 题" in text for _path, text in sent)  # the walk did reach the questions
    assert SECRET in client.get(_ended(client, attempt)).get_data(as_text=True)  # and the marker does show afterwards


def _seed(app: Flask) -> str:
    with app.app_context():
        return db.session.execute(select(Paper.seed)).scalar_one()


def _ended(client: FlaskClient, attempt: str) -> str:
    location = post(client, f"{attempt}/submit").location
    assert location
    return str(location)


def test_the_page_does_not_tell_right_options_from_wrong_ones(
    app: Flask, client: FlaskClient, contest: Contest, person: Person
) -> None:
    """With the words taken out, every option of a question looks alike."""
    sign_in(client, person)
    attempt = post(client, f"/contests/{contest.slug}/attempts").location
    for number in range(1, 6):
        page = client.get(f"{attempt}?q={number}").get_data(as_text=True)
        labels = re.findall(r"<label class=\"choice\">.*?</label>", page, re.S)
        bare = {re.sub(r'value="[A-Z]"|>[^<]*<', "><", label) for label in labels}
        assert len(bare) <= 1, bare


def test_the_keys_of_a_running_contest_are_not_shown_by_another_persons_result(
    app: Flask, client: FlaskClient, contest: Contest, person: Person, clock: StillClock
) -> None:
    with app.app_context():
        other = a_person(clock())
        ended = an_ended_attempt(contest, other, began=clock(), ended=clock() + timedelta(minutes=1))
        ended_id = ended.id
    sign_in(client, person)
    for path in ("", "/result", "/sheet"):
        assert SECRET not in client.get(f"/attempts/{ended_id}{path}").get_data(as_text=True)
        assert client.get(f"/attempts/{ended_id}{path}", headers=JSON).status_code == 404


# --- names and phones ------------------------------------------------------------------------------------------------


def as_member(app: Flask, role: str, **scope: Any) -> FlaskClient:
    with app.app_context():
        now = app.extensions["clock"]()
        member = a_person(now, kind="staff", name="李主任", phone=None)
        with transaction() as session:
            session.add(StaffRole(person_id=member.id, role=role, granted_at=now, **scope))
    client = app.test_client()
    sign_in(client, member)
    return client


def test_no_full_name_and_no_phone_is_in_any_byte_for_others(
    app: Flask, client: FlaskClient, contest: Contest, person: Person, clock: StillClock
) -> None:
    with app.app_context():
        named = a_person(clock(), name=NAME, phone=PHONE, unit=a_unit(a_street(code="N")))
        ended = an_ended_attempt(contest, named, began=clock(), ended=clock())
        values = {"slug": contest.slug, "attempt_id": ended.id, "person_id": named.id}
    everybody = {"anybody": app.test_client(), "participant": client}
    sign_in(client, person)
    seen = ""
    for who, browser in everybody.items():
        for _rule, path in addresses(app, **values):
            for query in ("", "?by=person", "?by=person&street=N", "?by=unit", "?by=street"):
                for headers in ({}, JSON):
                    text = browser.get(path + query, headers=headers).get_data(as_text=True)
                    assert NAME not in text and "秘书长" not in text, (who, path + query)
                    assert PHONE not in text and PHONE[3:] not in text, (who, path + query)
                    seen += text
    assert "欧阳***" in seen  # the walk did reach the ladders


def test_what_was_typed_cannot_break_out_of_a_page(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    evil = '"><script>alert(1)</script>'
    with app.app_context():
        contest = a_contest(clock(), title=f"竞赛{evil}", about={"notice": evil, "host": evil, "contact": evil})
        who = a_person(clock(), name=evil, unit=None, unit_name=evil)
        an_ended_attempt(contest, who, began=clock(), ended=clock())
        db.session.refresh(who)
    sign_in(client, who)
    for path in ("/", "/me", *(f"/contests/{contest.slug}{rest}" for rest in ("", "/notice", "/standings"))):
        page = client.get(path).get_data(as_text=True)
        assert "<script>alert" not in page, path
    assert "&lt;script&gt;" in client.get(f"/contests/{contest.slug}/notice").get_data(as_text=True)


# --- who may use what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [None, *Role])
def test_every_route_is_closed_to_roles_without_its_permission(app: Flask, role: Role | None) -> None:
    if role is None:
        browser = app.test_client()
    elif role is Role.PARTICIPANT:
        browser = app.test_client()
        with app.app_context():
            sign_in(browser, a_person(app.extensions["clock"]()))
    else:
        browser = as_member(app, role.value)
    tried = 0
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        for rule, path in addresses(app, method):
            wanted = access_of(app.view_functions[rule.endpoint])
            if not isinstance(wanted, Permission) or (role and wanted in GRANTS[role]):
                continue
            status = browser.open(path, method=method, headers=JSON).status_code
            assert status == (403 if role else 401), (role, method, path)
            tried += 1
    assert tried or role is Role.ORGANISER


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_changes_without_a_token(app: Flask, contest: Contest, person: Person, method: str) -> None:
    """Everybody who is signed in, on every route that changes something."""
    browsers = {role: as_member(app, role.value) for role in Role if role is not Role.PARTICIPANT}
    browsers[Role.PARTICIPANT] = app.test_client()
    sign_in(browsers[Role.PARTICIPANT], person)
    for role, browser in browsers.items():
        for rule, path in addresses(app, method, slug=contest.slug):
            wanted = access_of(app.view_functions[rule.endpoint])
            if isinstance(wanted, Permission) and wanted not in GRANTS[role]:
                continue
            reply = browser.open(path, method=method, headers={**JSON, "Origin": "http://evil.example"}, data={})
            assert reply.status_code == 403, (role, method, path)
            assert reply.json["reason"] == "csrf", (role, method, path)  # type: ignore[index]  # a reply without JSON fails here


# --- headers and odd requests ----------------------------------------------------------------------------------------


def test_every_page_carries_the_strict_policy_and_is_kept_by_nobody(
    app: Flask, client: FlaskClient, contest: Contest, person: Person
) -> None:
    sign_in(client, person)
    attempt = post(client, f"/contests/{contest.slug}/attempts").location
    values = {"slug": contest.slug, "attempt_id": int(attempt.rsplit("/", 1)[1])}
    for _rule, path in addresses(app, **values):
        reply = client.get(path)
        policy = reply.headers["Content-Security-Policy"]
        assert "unsafe" not in policy and "default-src 'none'" in policy, path
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Cache-Control"] == "no-store", path
        text = reply.get_data(as_text=True)
        if reply.mimetype == "text/html" and reply.status_code == 200:
            assert re.search(r'<meta name="csrf-token" content="[^"]+">', text), path
            assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=", text), path
            assert not re.search(r'(src|href|action)="(https?:)?//', text), path


@pytest.mark.parametrize(
    "path",
    ["/contests/%00", "/contests/a%00b/standings", "/contests/x/standings?street=%00", "/nothing", "/attempts/x",
     "/attempts/1e3", "/attempts/-1", "/contests/" + "x" * 3000, "/%ff%fe", "/contests/%ed%a0%80",
     "/contests/x?next=%00", "/attempts/99999999999999999999", "/places?q=%00", "/links/%00"],
)  # fmt: skip
def test_an_odd_address_is_never_our_fault(client: FlaskClient, path: str) -> None:
    for headers in ({}, JSON):
        assert client.get(path, headers=headers).status_code in (303, 400, 401, 404, 410, 422)


@pytest.mark.parametrize("field", ["account", "password", "next", "name"])
def test_a_form_with_what_no_database_holds_is_refused(client: FlaskClient, field: str) -> None:
    reply = post(client, "/sign-in", {"account": "13800000000", "password": "x", field: "a\0b"})
    assert reply.status_code == 422


def test_no_form_is_read_where_nothing_was_sent_and_a_streamed_one_is(app: Flask) -> None:
    form = {"method": "POST", "content_type": "application/x-www-form-urlencoded"}
    with app.test_request_context("/", **form) as empty:
        assert not empty.request.form and not empty.request.files
        assert "stream" not in vars(empty.request), "nobody has asked for the body"
    streamed = {
        "wsgi.input": BytesIO(b"answer=A"), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked",
    }  # fmt: skip
    with app.test_request_context("/", **form, environ_overrides=streamed) as sent:
        assert sent.request.form["answer"] == "A"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/attempts/12/result", "/attempts/12/result"),
        ("/attempts/12?q=3", "/attempts/12?q=3"),
        ("/街道?名=质 量", "/%E8%A1%97%E9%81%93?%E5%90%8D=%E8%B4%A8%20%E9%87%8F"),
        ("/a\u0085b", "/a%C2%85b"),
    ],
)
def test_a_redirect_says_where_in_plain_letters_and_has_no_page(app: Flask, address: str, sent: str) -> None:
    reply = app.redirect(address, 303)
    headers: dict[str, str] = {}
    body = reply({"REQUEST_METHOD": "POST"}, lambda _status, all_headers: headers.update(all_headers))
    assert (headers["Location"], headers["Content-Length"], b"".join(body)) == (sent, "0", b"")


def test_no_address_breaks_out_of_its_header(app: Flask) -> None:
    for ending in ("\r\nSet-Cookie: session=theirs", "\nX: y"):
        try:
            reply = app.redirect(f"/next{ending}", 303)
        except ValueError:
            continue
        assert "\n" not in reply.headers["Location"] and "\r" not in reply.headers["Location"]


@pytest.mark.parametrize("cookies", ["", ";;; =", "device=\xff\xfe; theme=dark", "a=1; a=2"])
def test_odd_cookies_are_read_as_werkzeug_reads_them(app: Flask, cookies: str) -> None:
    environ = {"REQUEST_METHOD": "GET", "HTTP_COOKIE": cookies}
    read, expected = PlatformRequest(environ).cookies, Request(environ).cookies
    assert list(read.items(multi=True)) == list(expected.items(multi=True))
    assert PlatformRequest({"REQUEST_METHOD": "GET"}).cookies == {}


def test_a_page_that_fails_says_so_without_its_insides(app: Flask, client: FlaskClient) -> None:
    def broken(**_given: object) -> None:
        raise RuntimeError("秘 SELECT * FROM persons")

    kept, app.view_functions["home.help"] = app.view_functions["home.help"], broken
    broken.access = "public"  # type: ignore[attr-defined]  # a function carries what it says of itself
    try:
        page, reply = client.get("/help"), client.get("/help", headers=JSON)
    finally:
        app.view_functions["home.help"] = kept
    assert (page.status_code, reply.status_code) == (500, 500)
    assert "编号" in page.get_data(as_text=True) and SECRET not in page.get_data(as_text=True)
    assert reply.json["reason"] == "our_fault" and SECRET not in reply.get_data(as_text=True)  # type: ignore[index]  # a reply without JSON fails here


def test_signing_in_changes_nothing_about_the_token_rule(client: FlaskClient, person: Person) -> None:
    before = csrf_of(client)
    sign_in(client, person)
    assert client.post("/sign-out", data={"csrf_token": "wrong"}).status_code == 403
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 303


def test_versions_in_the_bank_do_hold_the_marker(app: Flask, contest: Contest) -> None:
    """Without this the walks above would prove nothing."""
    with app.app_context():
        rows = db.session.execute(select(QuestionVersion)).scalars().all()
        assert rows and all(SECRET in row.explanation and SECRET in row.source for row in rows)
