from cms.models.page import BasePage

__all__ = ["BasePage"]
