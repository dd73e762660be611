"""Which of the collected static files the image leaves out."""

import json
from pathlib import Path

from django.contrib.admin import site

from tools import slim_static


def test_hashed_and_minified_files_stay_without_select2(tmp_path: Path) -> None:
    paths = {
        "admin/base.css": "admin/base.1.css",
        "admin/jquery.js": "admin/jquery.2.js",
        "admin/jquery.min.js": "admin/jquery.min.3.js",
        "admin/js/vendor/select2/i18n/pt-BR.js": "admin/js/vendor/select2/i18n/pt-BR.5.js",
        "admin/js/autocomplete.js": "admin/js/autocomplete.6.js",
        "passwords/page.js": "passwords/page.4.js",
        "passwords/favicon.svg": "passwords/favicon.7.svg",
    }
    for name in {*paths, *paths.values()}:
        for suffix in ("", ".gz", ".br"):
            path = tmp_path / f"{name}{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    (tmp_path / "staticfiles.json").write_text(json.dumps({"paths": paths}), encoding="utf-8")

    slim_static.slim(tmp_path)

    plain = {str(path.relative_to(tmp_path)) for path in tmp_path.glob("*/**/*.[cjs]*")}
    left = {name for name in plain if not name.endswith((".gz", ".br"))}
    assert left == {
        "admin/base.1.css",
        "admin/jquery.min.3.js",
        "passwords/page.4.js",
        "passwords/favicon.svg",
        "passwords/favicon.7.svg",
    }
    assert plain == {f"{name}{suffix}" for name in left for suffix in ("", ".gz", ".br")}


def test_no_admin_class_needs_select2() -> None:
    needing = [admin for admin in site._registry.values() if admin.autocomplete_fields]

    assert needing == []
