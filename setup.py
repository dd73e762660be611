"""What pyproject.toml cannot say of the wheel: it has the templates and compiled messages."""

import runpy
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py


class BuildWithMessages(build_py):
    """Compiles the messages before the files are gathered."""

    def run(self) -> None:
        """Build."""
        compile_catalogue = runpy.run_path("tools/compile_messages.py")["compile_catalogue"]
        for source in Path("passwords/locale").glob("*/LC_MESSAGES/*.po"):
            compile_catalogue(source)
        super().run()


setup(
    cmdclass={"build_py": BuildWithMessages},
    packages=[*find_packages(include=["giropops*", "passwords*"]), "giropops.templates"],
    package_dir={"giropops.templates": "templates"},
    package_data={
        "giropops.templates": ["**/*.html"],
        "passwords": ["locale/*/LC_MESSAGES/*.mo", "static/**/*"],
        "passwords.api": ["openapi.json"],
        "passwords.domain.wordlists": ["*.txt"],
    },
)
