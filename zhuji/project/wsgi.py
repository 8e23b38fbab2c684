"""What the web server calls."""

import atexit
import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhuji.project.settings")

application = get_wsgi_application()

# What is loaded by now stays as long as the process. Walking it in every full collection made
# one page in twenty take twice as long.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
atexit.register(gc.unfreeze)
