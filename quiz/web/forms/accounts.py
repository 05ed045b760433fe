"""Register, sign in, set a password."""

from wtforms import HiddenField, PasswordField, StringField

from quiz.services.accounts import Registration
from quiz.web.forms.fields import BelongingForm, PageForm, tick_box


class RegisterForm(BelongingForm):
    name = StringField("姓名", render_kw={"autocomplete": "name", "maxlength": 40})
    phone = StringField("手机号", render_kw={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})
    password = PasswordField("参赛口令", render_kw={"autocomplete": "new-password", "maxlength": 128})
    consent = tick_box("我已阅读并同意个人信息说明")
    next = HiddenField()

    def registration(self) -> Registration:
        """What was entered, in the shape the service takes."""
        return Registration(
            name=self.name.data or "",
            phone=self.phone.data or "",
            password=self.password.data or "",
            consented=bool(self.consent.data),
            **self.belonging(),
        )


class SignInForm(PageForm):
    account = StringField("手机号", render_kw={"autocomplete": "username", "maxlength": 80})
    name = StringField("姓名", render_kw={"autocomplete": "name", "maxlength": 40})
    password = PasswordField("参赛口令", render_kw={"autocomplete": "current-password", "maxlength": 128})
    next = HiddenField()


class PasswordForm(PageForm):
    password = PasswordField("新口令", render_kw={"autocomplete": "new-password", "maxlength": 128})
