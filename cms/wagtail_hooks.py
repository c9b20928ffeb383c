"""Registration only: what this app adds to Wagtail."""

from wagtail import hooks

from cms.web.serving import show_page

hooks.register("before_serve_page", show_page)
