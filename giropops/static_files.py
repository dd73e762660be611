"""Static files under names that carry their content's hash, compressed once, cached for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """WhiteNoise's storage, which also rewrites what one JavaScript module imports of another."""

    support_js_module_import_aggregation = True
