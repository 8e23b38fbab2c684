"""Django's settings, read from the environment; `environment.py` declares each one."""

from zhuji.project import environment

ZHUJI_HOME = environment.home()
ZHUJI_PLANS = environment.ROOT / "plans"
ZHUJI_IMPORT_ROWS = environment.whole("ZHUJI_IMPORT_ROWS", 1, 100_000)

SECRET_KEY = environment.secret_key(ZHUJI_HOME)
DEBUG = environment.one_of("ZHUJI_DEBUG", ("yes", "no")) == "yes"
ALLOWED_HOSTS = [host.strip() for host in environment.read("ZHUJI_HOSTS").split(",")]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "zhuji.orgs",
    "zhuji.ledgers",
    "zhuji.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
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
            ]
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = environment.ROOT / "build" / "static"
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
    "loggers": {"zhuji": {"handlers": ["file"], "level": "INFO", "propagate": False}},
}
DATABASES = {"default": environment.database(ZHUJI_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "orgs.Person"
PASSWORD_HASHERS = ["zhuji.orgs.hashers.Argon2"]

LANGUAGE_CODE = environment.one_of("ZHUJI_LANGUAGE", environment.LANGUAGES)
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [environment.ROOT / "zhuji" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.time_zone()
