"""Django's settings: what an installation may vary comes from env.py, the rest is the same everywhere."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from otklik.env import env
from otklik.site.databases import databases

ENV = env()
ROOT = Path(__file__).resolve().parent.parent

SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = list(ENV.old_secret_keys)  # people stay signed in when the key changes
DEBUG = ENV.debug
ALLOWED_HOSTS = ["*"] if ENV.debug else ["localhost", "127.0.0.1", str(urlsplit(ENV.base_url).hostname)]
CSRF_TRUSTED_ORIGINS = [ENV.base_url]

ROOMS = [
    "accounts",
    "journal",
    "clients",
    "staff",
    "desk",
    "promises",
    "sla",
    "assist",
    "journeys",
    "channels",
    "privacy",
]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "template_partials",
    "otklik.web",
    "otklik.jobs",
    *(f"otklik.{room}" for room in ROOMS),
    "otklik.site",
]
MIDDLEWARE = [
    "otklik.site.watch.middleware.WatchMiddleware",
    "otklik.web.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "otklik.web.headers.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "otklik.web.lagging.OwnWritesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "otklik.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "otklik.accounts.arriving.PeopleMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "otklik.web.refusals.RefusalMiddleware",
    "otklik.accounts.stepping.SteppingMiddleware",
]
ROOT_URLCONF = "otklik.site.urls"
WSGI_APPLICATION = "otklik.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "web" / "components"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "otklik.web.shell.context",
                "otklik.site.practice.views.context",
            ],
            "builtins": [
                "otklik.web.templatetags.otklik",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]

DATABASES = databases(ENV)
DATABASE_ROUTERS = ["otklik.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["otklik.accounts.backends.PeopleBackend"]
SESSION_ENGINE = "otklik.accounts.sessions"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "otklik.accounts.passwords.SimplePasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "desk:inbox"
LOGOUT_REDIRECT_URL = "sign-in"

# Of allauth: the stages of a login, second factors, OpenID Connect (accounts/adapters.py). Pages and limits are ours.
ACCOUNT_ADAPTER = "otklik.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # they count in one process alone: throttling.py counts in the database
MFA_ADAPTER = "otklik.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # clocks of telephones are half a minute off at times
SOCIALACCOUNT_ADAPTER = "otklik.accounts.adapters.ServiceAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # only an address that the service says it has checked
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Русский")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = ENV.timezone
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = None  # nothing is collected: whitenoise serves what the finders find
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

FILES_ROOT = ENV.home / "files"
FILE_UPLOAD_HANDLERS = [
    "otklik.web.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.base_url.startswith("https:")
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE
LANGUAGE_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # scripts take the token out of the form
if SESSION_COOKIE_SECURE:  # a neighbour under the same domain can't set these
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # a letter alone stands in a frame of ours (desk.views_files)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, ENV.live_url],
        "worker-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
PRACTICE_PORT = ENV.practice_port  # the practice mailbox (site/practice) exists only where this is not 0
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING_CONFIG = None  # site/logs.py
