"""What every form of ours is: WTForms' own complaints come in Chinese too."""

from typing import ClassVar

from flask_wtf import FlaskForm


class ChineseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    class Meta:
        locales: ClassVar[list[str]] = ["zh"]
