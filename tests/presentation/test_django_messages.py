"""This app's translations of Django's texts take the place of Django's own."""

from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext


def test_a_month_is_in_lower_case_in_portuguese() -> None:
    with translation.override("pt-br"):
        assert date_format(date(2026, 11, 26), "DATE_FORMAT") == "26 de novembro de 2026"


def test_the_text_about_a_deletion_is_correct_in_spanish() -> None:
    with translation.override("es"):
        text = gettext("The %(name)s “%(obj)s” was deleted successfully.")

    assert text % {"name": "grupo", "obj": "A"} == "El grupo «A» se eliminó correctamente."
