"""Names, phones and 参赛口令 as people type them."""

from datetime import UTC, datetime, timedelta

import pytest

from quiz.rules.accounts import (
    FAILURES_BY_ACCOUNT,
    minutes_to_wait,
    name_complaint,
    password_complaint,
    phone_is_sound,
    tidy_account,
    tidy_name,
    tidy_phone,
)

PHONE = "13912345678"


@pytest.mark.parametrize(
    "typed", ["13912345678", "139 1234 5678", "139-1234-5678", "１３９１２３４５６７８", "+86 13912345678"]
)
def test_a_phone_is_taken_as_people_write_it(typed: str) -> None:
    assert tidy_phone(typed) == PHONE
    assert phone_is_sound(tidy_phone(typed))


@pytest.mark.parametrize(
    "typed", ["12912345678", "1391234567", "139123456789", "", "2391234567８", "1391234567a", "٠١٢٣٤٥٦٧٨٩٠"]
)
def test_what_is_no_phone_is_refused(typed: str) -> None:
    assert not phone_is_sound(tidy_phone(typed))


@pytest.mark.parametrize("name", ["王", "王芳", "迪丽热巴·迪力木拉提", "O'Neil", "𠮷田", "字" * 40])
def test_real_names_are_taken(name: str) -> None:
    assert name_complaint(tidy_name(name)) is None


@pytest.mark.parametrize(
    "name", ["", "   ", "字" * 41, "王\x00芳", "王\n芳", "王\u202e芳", "王\u200b芳", "\ud800", "王\u2028芳"]
)
def test_names_that_are_empty_too_long_or_hide_something_are_refused(name: str) -> None:
    assert name_complaint(tidy_name(name))


@pytest.mark.parametrize(
    "password",
    [
        *(
            "12345",
            "123456",
            "654321",
            "000000",
            "111111",
            "123123",
            "abcabc",
            "12341234",
            "abc123",
            "password",
            "PASSWORD",
        ),
        *("qwerty", "asdfgh", "345678", "987654", "890123", "abcdef", "112233", "111222", "a123456", "5201314"),
        *("345678", "12345678", "13912345678", "912345", "x" * 129, "kaoshi\x00", "123\u200b456"),
    ],
)
def test_passwords_that_others_would_try_first_are_refused(password: str) -> None:
    assert password_complaint(password, PHONE)


@pytest.mark.parametrize(
    "password", ["kaoshi2026", "z8k3wq", "802714", "19790304", "我爱质量知识", "correct horse", "x7" * 3 + "k"]
)
def test_ordinary_passwords_are_taken(password: str) -> None:
    assert password_complaint(password, PHONE) is None


def test_accounts_are_found_in_any_way_of_writing() -> None:
    assert tidy_account(" Amy ") == tidy_account("AMY") == tidy_account("ａｍｙ") == "amy"
    assert tidy_account("139 1234 5678") == PHONE


def test_the_tenth_failure_in_a_quarter_of_an_hour_makes_one_wait_for_the_first_to_grow_old() -> None:
    first = datetime(2026, 6, 20, 9, 0, tzinfo=UTC)
    failures = [first + timedelta(minutes=n) for n in range(FAILURES_BY_ACCOUNT)]
    assert minutes_to_wait(failures[:9], 10, first + timedelta(minutes=9)) == 0
    assert minutes_to_wait(failures, 10, first + timedelta(minutes=9, seconds=30)) == 6
    assert minutes_to_wait(failures, 10, first + timedelta(minutes=15)) == 0
