"""Every address of the pages, by area; an area's own `urls.py` names its routes."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
