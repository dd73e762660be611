"""The form for importing policies from a document."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from passwords.policies import documents, files
from passwords.policies.documents import PolicyFileError
from passwords.policies.files import Step
from passwords.policies.formats import IMPORTS
from passwords.policies.recipes import NameMissingError


class ImportForm(forms.Form):
    """A document, chosen as a file or pasted.

    Attributes:
        steps: what the import would do, once the form is valid.
        text: the document, for the confirmation page.
    """

    file = forms.FileField(label=_("File"), required=False)
    document = forms.CharField(
        label=_("or the document itself"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )

    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", _("Detect")), *((name, item.title) for name, item in IMPORTS.items())],
    )

    name = forms.CharField(
        label=_("Name"),
        required=False,
        help_text=_("For a policy of another program; otherwise it is that of the file."),
    )

    steps: Sequence[Step] = ()
    text = ""

    def clean(self) -> dict[str, Any]:
        """Read the document and plan the import."""
        cleaned = {**self.cleaned_data}
        try:
            self.text = _text_of(cleaned)
            cleaned["name"] = cleaned.get("name") or _name_of_file(cleaned)
            self.steps = files.plan(
                self.text, format_name=cleaned.get("format", ""), name=cleaned["name"]
            )
        except NameMissingError as error:
            self.add_error("name", str(error))
        except PolicyFileError as error:
            raise ValidationError(str(error)) from None
        return cleaned


def _name_of_file(cleaned: dict[str, Any]) -> str:
    file = cleaned.get("file")
    return PurePath(file.name).stem if file else ""


def _text_of(cleaned: dict[str, Any]) -> str:
    if file := cleaned.get("file"):
        return documents.read(file)
    text: str = cleaned.get("document", "")
    if not text.strip():
        raise ValidationError(_("Choose a file, or paste a document."))
    return text
