"""What the page shows, in the visitor's language."""

from passwords.presentation.labels import THEMES
from passwords.presentation.page import (
    THEME_COOKIE_NAME,
    asks_for_parts,
    page_html,
    strength_html,
)
from passwords.presentation.qr_code import qr_code
from passwords.presentation.recipe_form import RecipeForm, empty_form, posted_form, recipe_form

__all__ = [
    "THEMES",
    "THEME_COOKIE_NAME",
    "RecipeForm",
    "asks_for_parts",
    "empty_form",
    "page_html",
    "posted_form",
    "qr_code",
    "recipe_form",
    "strength_html",
]
