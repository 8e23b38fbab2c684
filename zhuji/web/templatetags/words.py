"""`{{ label|say }}`: a message or a label in the reader's language."""

from django import template

from zhuji.web import pages

register = template.Library()
register.filter("say", pages.words)
