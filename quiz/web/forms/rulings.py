"""裁定 about a question: what is ruled, another key where it is one, and the reason."""

from typing import Any

from werkzeug.datastructures import MultiDict

from question_bank.content import FALSE, TRUE, QuestionContent, letter
from question_bank.kinds import QuestionKind
from quiz.rules.marking import QuestionRuling, RulingKind
from quiz.rules.rulings import LONGEST_REASON
from quiz.web.forms.base import ChineseForm
from quiz.web.forms.typed import RadioField, long_text, offered, tidy

KINDS = {
    RulingKind.ANOTHER_KEY: "更正答案：按新的答案重新判分",
    RulingKind.FULL_MARKS: "全体给分：抽到这道题的人都得满分",
    RulingKind.OUT_OF_TOTAL: "不计分：这道题不算，满分相应减少",
}


class QuestionRulingForm(ChineseForm):
    kind = RadioField("裁定", choices=offered({kind.value: label for kind, label in KINDS.items()}))
    reason = long_text("原因", most=LONGEST_REASON)

    def ruling(self, content: QuestionContent, given: MultiDict[str, str]) -> QuestionRuling:
        """What was entered; whether it is a key of this question is for the rules to say."""
        kind = RulingKind(self.kind.data)
        if kind is not RulingKind.ANOTHER_KEY:
            return QuestionRuling(kind)
        if content.kind is QuestionKind.FILL_BLANK:
            return QuestionRuling(kind, blanks=typed_blanks(content, given))
        return QuestionRuling(kind, choices=ticked(given))


def typed_blanks(content: QuestionContent, given: MultiDict[str, str]) -> tuple[tuple[str, ...], ...]:
    """A text field for each blank, an accepted text on each line."""
    fields = [given.get(f"blank{number}", "") for number in range(1, len(content.blanks) + 1)]
    return tuple(tuple(dict.fromkeys(filter(None, map(tidy, field.splitlines())))) for field in fields)


def ticked(given: MultiDict[str, str]) -> frozenset[int]:
    return frozenset(int(text) for text in given.getlist("choice") if text.isdecimal() and len(text) < 4)


def options_of(content: QuestionContent, chosen: frozenset[int]) -> list[dict[str, Any]]:
    """The options as the bank counts them, those ticked that are or were chosen."""
    texts = {TRUE: "对", FALSE: "错"} if content.kind is QuestionKind.TRUE_FALSE else {}
    texts = texts or dict(enumerate(content.options_in_words, 1))
    return [
        {
            "number": number,
            "label": text if content.kind is QuestionKind.TRUE_FALSE else f"{letter(number)}　{text}",
            "chosen": number in chosen,
        }
        for number, text in texts.items()
    ]
