"""Letters to our own people about their account: an invitation, a new password, a second factor.

The link of a letter is made when it leaves and stands nowhere else: the database keeps a hash of its token
(accounts.invitations). Each leaves at most once, tried again only while it surely has not left.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, When
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik import mime
from otklik.accounts import invitations
from otklik.accounts.models import AccountLetter, PasswordLink, User
from otklik.channels.models import Box
from otklik.channels.outbox import addresses, htmlpart, owed, posting
from otklik.channels.outbox.smtp import Answer, Line, Parcel, Patience, Unreachable, Verdict
from otklik.clients.identifying import domain_of
from otklik.desk.replying import id_domain
from otklik.env import env
from otklik.staff import queries as staff
from otklik.web.language import in_company_language

Kind = AccountLetter.Kind


def send_due(*, at: datetime, patience: Patience = posting.PATIENCE) -> int:
    """Send what is due, at most twenty (a loop); returns how many were looked at."""
    rows = owed.claim(AccountLetter.objects.all(), at=at)
    _know(rows)
    _forget_strangers(rows)
    known = [row for row in rows if row.user_id is not None]
    box = _carrier()
    if known and box is not None:
        _send(box, known, patience, at)
    elif known:
        fault = _("Ни один ящик пока не отправляет писем.")
        AccountLetter.objects.filter(pk__in=[row.pk for row in known]).update(fault=fault)
    return len(rows)


def _carrier() -> Box | None:
    """The first box that sends; one in trouble only when there is no other."""
    able = Box.objects.filter(mode=Box.Mode.ANSWER).exclude(smtp_host="")
    return able.order_by(Case(When(trouble="", then=0), default=1), "pk").first()


def _know(rows: Sequence[AccountLetter]) -> None:
    """Whose address it is: the page that took it asked nobody."""
    for row in rows:
        if row.user_id is None:
            row.user = User.objects.filter(email__iexact=row.address, is_active=True).first()
            AccountLetter.objects.filter(pk=row.pk).update(user=row.user)


def _forget_strangers(rows: Sequence[AccountLetter]) -> None:
    """An address that nobody here has: the page has answered as for any other."""
    AccountLetter.objects.filter(pk__in=[row.pk for row in rows if row.user_id is None]).delete()


def _send(box: Box, rows: Sequence[AccountLetter], patience: Patience, at: datetime) -> None:
    try:
        line = Line(posting.way(box), patience)
    except Unreachable as fault:
        for row in rows:
            owed.put(row, Answer(Verdict.RETRY, fault.words), at=at)
        return
    try:
        for row in rows:
            if not line.is_open:
                return  # the rest has its next time already
            user = row.user
            if user is None or not user.is_active:
                owed.mark(row, at=at)
                continue
            parcel = Parcel(box.address, (user.email,), compose(row, user, box, at=at))
            owed.put(row, line.send(parcel, lambda row=row: owed.mark(row, at=at))[user.email], at=at)  # type: ignore[misc]  # the loop's row
    finally:
        line.close()


@in_company_language()
def compose(row: AccountLetter, user: User, box: Box, *, at: datetime) -> bytes:
    """The letter with a link made now, where it bears one."""
    subject, text = _words(row, user, at)
    return mime.write(
        mime.Outgoing(
            message_id=f"<account.{row.pk}.{row.attempts}@{id_domain(domain_of(box.address))}>",
            date=row.made_at,
            sender=mime.Mailbox(box.name or staff.company().name, box.address),
            to=(mime.Mailbox(user.name, user.email),),
            subject=subject,
            text=text + "\n",
            html=htmlpart.page(text, "", "", mime.REPLY_LINE, ""),
            headers=(
                ("X-Otklik-Instance", addresses.instance()),
                ("Auto-Submitted", "auto-generated"),
                ("X-Auto-Response-Suppress", "All"),
            ),
        )
    )


def _words(row: AccountLetter, user: User, at: datetime) -> tuple[str, str]:
    facts = {"name": user.first_name, "company": staff.company().name, "email": user.email}
    if row.kind == Kind.INVITATION:
        link = invitations.link(user, at=at)
        return _("%(company)s: вход в Отклик") % facts, _(
            "%(name)s, добрый день!\n\nВас добавили в Отклик компании «%(company)s».\n"
            "Откройте ссылку и придумайте пароль. Ваша почта для входа — %(email)s:\n%(link)s\n\n"
            "Ссылка живёт три дня и работает один раз."
        ) % {**facts, "link": link}
    if row.kind == Kind.RESET:
        link = invitations.link(user, at=at, purpose=PasswordLink.Purpose.RESET)
        return _("Новый пароль для входа в Отклик"), _(
            "%(name)s, добрый день!\n\nКто-то попросил новый пароль для почты %(email)s.\n"
            "Если это вы, откройте ссылку и придумайте его:\n%(link)s\n\n"
            "Ссылка живёт час и работает один раз. Если это не вы, ничего не делайте: пароль остался прежним."
        ) % {**facts, "link": link}
    happened = row.words or _("Сменили пароль для входа.")
    told = {**facts, "what": happened, "when": f"{timezone.localtime(row.made_at):%d.%m.%Y %H:%M}"}
    place = f"{env().base_url}/me/security/"
    return _("Изменился вход в Отклик"), _(
        "%(name)s, добрый день!\n\n%(what)s\nКогда: %(when)s.\n\n"
        "Это сделали не вы? Смените пароль и закройте все сеансы: %(place)s"
    ) % {**told, "place": place}
