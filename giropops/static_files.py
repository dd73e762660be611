"""Storage of static files with a hash in their names, compressed at build time."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """WhiteNoise's storage, which also puts hashed names into the imports of JavaScript modules."""

    support_js_module_import_aggregation = True
