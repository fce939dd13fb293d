"""Mail services whose servers and customs we know, so that an administrator types an address and a password only."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    security: str  # Box.Security


@dataclass(frozen=True, slots=True)
class OAuth:
    """Where an administrator registers the client, and the service's own addresses of the OAuth 2 code flow.

    steps: what to do in the service's console, each a sentence; the redirect address is shown after them.
    """

    authorize_url: str
    token_url: str
    scope: str
    console_url: str
    steps: tuple[Text, ...]
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Preset:
    """login_page, login_steps: where the application password is made; '' where the usual one is good."""

    key: str
    name: Text
    domains: tuple[str, ...]
    imap: Server | None
    smtp: Server | None
    login_page: str = ""
    login_steps: tuple[Text, ...] = ()
    form: str = ""  # a regular expression of the application password without spaces and hyphens
    form_words: Text = ""
    imap_off_steps: tuple[Text, ...] = ()  # when the service says that programs may not read this mailbox
    oauth: OAuth | None = None
    keeps_sent: bool = False  # the service itself puts what is sent by SMTP into Sent


YANDEX = Preset(
    key="yandex",
    name=_("Яндекс 360"),
    domains=("yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "narod.ru"),
    imap=Server("imap.yandex.ru", 993, "tls"),
    smtp=Server("smtp.yandex.ru", 465, "tls"),
    login_page="https://id.yandex.ru/security/app-passwords",
    login_steps=(
        _("Откройте «Пароли приложений» в Яндекс ID и выберите «Почта»"),
        _("Скопируйте 16 букв и вставьте сюда"),
    ),
    form="[a-z]{16}",
    form_words=_("В пароле приложения 16 латинских букв без цифр"),
    imap_off_steps=(
        _("Откройте mail.yandex.ru → «Все настройки» → «Почтовые программы»"),
        _("Отметьте «С сервера imap.yandex.ru по протоколу IMAP» и «Пароли приложений», сохраните"),
    ),
    oauth=OAuth(
        "https://oauth.yandex.ru/authorize",
        "https://oauth.yandex.ru/token",
        "mail:imap_full mail:smtp",
        "https://oauth.yandex.ru/client/new",
        (
            _("Откройте oauth.yandex.ru и создайте приложение «Веб-сервисы»"),
            _("Дайте ему доступы «Чтение и удаление писем» и «Отправка писем»"),
            _("Впишите адрес возврата (ниже), сохраните и скопируйте ClientID и секрет"),
        ),
    ),
    keeps_sent=True,
)
MAILRU = Preset(
    key="mailru",
    name=_("VK WorkSpace и Mail.ru"),
    domains=("mail.ru", "bk.ru", "list.ru", "inbox.ru", "internet.ru", "vk.com"),
    imap=Server("imap.mail.ru", 993, "tls"),
    smtp=Server("smtp.mail.ru", 465, "tls"),
    login_page="https://account.mail.ru/user/2-step-auth/passwords",
    login_steps=(
        _("Откройте «Пароли для внешних приложений» в настройках аккаунта и добавьте пароль для почты"),
        _("Скопируйте пароль и вставьте сюда: почта покажет его один раз"),
    ),
    form="[A-Za-z0-9]{16,24}",
    form_words=_("В пароле приложения от 16 до 24 латинских букв и цифр"),
    imap_off_steps=(
        _("В VK WorkSpace администратор домена разрешает IMAP: «Почта» → «Доступ по протоколам»"),
    ),
    oauth=OAuth(
        "https://oauth.mail.ru/login",
        "https://oauth.mail.ru/token",
        "userinfo mail.imap",
        "https://o2.mail.ru/app/",
        (
            _("Откройте o2.mail.ru/app и создайте приложение"),
            _("Впишите адрес возврата (ниже) и запросите доступ «mail.imap»"),
            _("Скопируйте ID приложения и секрет"),
        ),
    ),
    keeps_sent=True,
)
GOOGLE = Preset(
    key="google",
    name=_("Gmail и Google Workspace"),
    domains=("gmail.com", "googlemail.com"),
    imap=Server("imap.gmail.com", 993, "tls"),
    smtp=Server("smtp.gmail.com", 465, "tls"),
    login_page="https://myaccount.google.com/apppasswords",
    login_steps=(
        _("Включите двухэтапный вход в аккаунте Google: с ним появятся пароли приложений"),
        _("Откройте «Пароли приложений», создайте пароль с названием «Отклик»"),
        _("Скопируйте 16 букв и вставьте сюда"),
    ),
    form="[a-z]{16}",
    form_words=_("В пароле приложения 16 латинских букв без цифр"),
    imap_off_steps=(_("Откройте настройки Gmail → «Пересылка и POP/IMAP» и включите IMAP"),),
    oauth=OAuth(
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
        "https://console.cloud.google.com/apis/credentials",
        (
            _("В Google Cloud создайте проект и включите Gmail API"),
            _("В «Credentials» создайте «OAuth client ID» вида «Web application»"),
            _("Впишите адрес возврата (ниже), скопируйте Client ID и Client secret"),
            _("В «OAuth consent screen» выберите Internal, иначе вход истекает через 7 дней"),
        ),
        (("access_type", "offline"), ("prompt", "consent")),
    ),
    keeps_sent=True,
)
MICROSOFT = Preset(
    key="microsoft",
    name=_("Microsoft 365 и Outlook"),
    domains=("outlook.com", "hotmail.com", "live.com", "live.ru", "msn.com"),
    imap=Server("outlook.office365.com", 993, "tls"),
    smtp=Server("smtp.office365.com", 587, "starttls"),
    login_steps=(_("Microsoft 365 больше не принимает пароли от программ: подключите ящик по OAuth 2"),),
    imap_off_steps=(
        _("В Exchange admin center откройте ящик → «Manage email apps settings», включите IMAP и SMTP AUTH"),
    ),
    oauth=OAuth(
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        "https://entra.microsoft.com/",
        (
            _("В Entra admin center откройте «App registrations» → «New registration»"),
            _("Выберите платформу Web и впишите адрес возврата (ниже)"),
            _("В «API permissions» добавьте IMAP.AccessAsUser.All, SMTP.Send и offline_access"),
            _("В «Certificates & secrets» создайте секрет, скопируйте его и Application (client) ID"),
        ),
    ),
    keeps_sent=True,
)
OWN = Preset(key="own", name=_("Свой сервер"), domains=(), imap=None, smtp=None)

ALL = (YANDEX, MAILRU, GOOGLE, MICROSOFT, OWN)
_BY_KEY = {preset.key: preset for preset in ALL}


def by_key(key: str) -> Preset:
    """The preset of a box; a server of one's own when the key says nothing."""
    return _BY_KEY.get(key, OWN)


def guess(address: str) -> Preset | None:
    """The service of an address by its domain, None when the domain doesn't tell. Asks nobody outside."""
    domain = address.rpartition("@")[2].lower()
    return next((preset for preset in ALL if domain in preset.domains), None)


def hosts(address: str) -> Iterator[Server]:
    """Where a server of one's own usually stands, likeliest first."""
    domain = address.rpartition("@")[2].lower()
    for name in (f"imap.{domain}", f"mail.{domain}", domain):
        yield Server(name, 993, "tls")
