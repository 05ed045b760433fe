"""摊位: where it stands, and until when."""

from quiz.rules.stalls import LONGEST_NAME
from quiz.web.forms.base import ChineseForm
from quiz.web.forms.typed import moment, text


class StallForm(ChineseForm):
    name = text("地点", most=LONGEST_NAME)
    until = moment("开到什么时候")
