"""What the page shows, ready for its templates, in the visitor's language."""

from passwords.presentation.page import THEME_COOKIE_NAME, THEMES, page_context
from passwords.presentation.qr_code import qr_code
from passwords.presentation.recipe_form import RecipeForm, empty_form, posted_form, recipe_form
from passwords.presentation.rendering import faulty_strength_html, strength_html

__all__ = [
    "THEMES",
    "THEME_COOKIE_NAME",
    "RecipeForm",
    "empty_form",
    "faulty_strength_html",
    "page_context",
    "posted_form",
    "qr_code",
    "recipe_form",
    "strength_html",
]
