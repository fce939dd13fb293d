"""The pages under WSGI (design §2: measured seven times the ASGI rate)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otklik.site.settings")
application = get_wsgi_application()
