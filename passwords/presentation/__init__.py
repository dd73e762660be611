"""What the page shows, ready for its templates, in the visitor's language."""

from passwords.presentation.recipe_form import RecipeForm, empty_form, posted_form, recipe_form

__all__ = ["RecipeForm", "empty_form", "posted_form", "recipe_form"]
