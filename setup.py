# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Package list and the mapping of top-level ``schemas/`` into the package.

All other metadata is in pyproject.toml. The mapping lives here because
setuptools reads ``package_dir`` of nested packages only from setup.py.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import find_namespace_packages, setup
from setuptools.command.build_py import build_py


class BuildWithCatalogue(build_py):
    """Compile the German texts before the package is collected: .mo is not in git."""

    def run(self) -> None:
        """Write each .mo beside its .po, then build as usual."""
        for source in Path("ckanext/verbund/i18n").glob("*/LC_MESSAGES/*.po"):
            with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(text, locale=source.parts[-3]))
        super().run()


setup(
    packages=[
        *find_namespace_packages(include=["ckanext.*"]),
        "ckanext.verbund.schemas",
        *(f"ckanext.verbund.schemas.{name}" for name in find_namespace_packages("schemas")),
    ],
    package_dir={"ckanext.verbund.schemas": "schemas"},
    include_package_data=True,
    cmdclass={"build_py": BuildWithCatalogue},
    message_extractors={
        "ckanext/verbund": [
            ("**.py", "python", None),
            ("**.js", "javascript", None),
            ("**/templates/**.html", "ckan", None),
        ],
    },
)
