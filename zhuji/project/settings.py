"""Django's settings, read from the environment; `environment.py` declares each one."""

from zhuji.project import environment
from zhuji.web import policy

ZHUJI_HOME = environment.home()
ZHUJI_PLANS = environment.ROOT / "plans"
ZHUJI_DOCS = environment.ROOT / "docs"
ZHUJI_IMPORT_ROWS = environment.whole("ZHUJI_IMPORT_ROWS", 1, 100_000)
ZHUJI_BIND = environment.read("ZHUJI_BIND")
ZHUJI_PORT = environment.whole("ZHUJI_PORT", 1, 65_535)
ZHUJI_SITE_PROCESSES = environment.whole("ZHUJI_SITE_PROCESSES", 1, 64)
ZHUJI_MIGRATE = environment.one_of("ZHUJI_MIGRATE", ("yes", "no")) == "yes"
ZHUJI_JOB_KINDS = "zhuji.project.kinds"

SECRET_KEY = environment.secret_key(ZHUJI_HOME)
DEBUG = environment.one_of("ZHUJI_DEBUG", ("yes", "no")) == "yes"
ALLOWED_HOSTS = [host.strip() for host in environment.read("ZHUJI_HOSTS").split(",")]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth.account",  # allauth.mfa does not load without it; none of its addresses is routed
    "allauth.mfa",
    "zhuji.orgs",
    "zhuji.ledgers",
    "zhuji.programme",
    "zhuji.jobs",
    "zhuji.tasks",
    "zhuji.returns",
    "zhuji.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "zhuji.web.policy.Devices",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhuji.web.gate.Sessions",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhuji.web.problems.Problems",
]
ROOT_URLCONF = "zhuji.project.urls"
WSGI_APPLICATION = "zhuji.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [environment.ROOT / "zhuji" / "bulletins" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "zhuji.web.frame.around",
            ]
        },
    }
]
# In each process, of what a judging says to everybody alike; nothing of a person is kept here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}
STATIC_URL = "/static/"
STATIC_ROOT = environment.ROOT / "build" / "static"  # made by `make setup`, as is what it holds
STATICFILES_DIRS = [("front", environment.ROOT / "build" / "front")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CONTENT_SECURITY_POLICY = policy.CONTENT
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "file": {
            "class": "logging.FileHandler",
            "filename": ZHUJI_HOME / "zhuji.log",
            "delay": True,
            "encoding": "utf-8",
        }
    },
    "loggers": {
        "zhuji": {"handlers": ["file"], "level": "INFO", "propagate": False},
        "django.request": {"handlers": ["file"], "level": "ERROR"},
    },
}
DATABASES = {"default": environment.database(ZHUJI_HOME)}
# Commands that change the structure come as the owner of the tables; requests never do.
ZHUJI_OWNERS_DATABASE = environment.owners_database(ZHUJI_HOME)
ZHUJI_APPLICATION_ROLE = DATABASES["default"].get("USER", "")
# Long work: its queue is in the same database, so that it is asked for in the same transaction.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "orgs.Person"
PASSWORD_HASHERS = ["zhuji.orgs.hashers.Argon2"]

# Signing in: `zhuji.orgs.sessions` decides how long it lasts, by the database's clock.
SESSION_COOKIE_AGE = 13 * 60 * 60  # longer than a sign-in: only the clock of the database ends one
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # people have no mail address here
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
MFA_ADAPTER = "zhuji.orgs.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Zhuji"
ZHUJI_OIDC = environment.oidc()

# Behind a proxy that speaks HTTPS: the proxy must set the header itself and drop a visitor's.
if environment.one_of("ZHUJI_HTTPS", ("yes", "no")) == "yes":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^health/$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # So named, a browser takes them from this very host alone, never from a neighbour.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

LANGUAGE_CODE = environment.one_of("ZHUJI_LANGUAGE", environment.LANGUAGES)
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [environment.ROOT / "zhuji" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.time_zone()
