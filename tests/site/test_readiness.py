"""Whether a database was prepared for just this version."""

import importlib.metadata
from pathlib import Path

from django.apps import apps

from otklik.site import readiness


def test_every_package_that_brings_tables_is_part_of_the_version():
    """Else its new version would start without its new steps."""
    with_tables = {
        config.name.split(".")[0]
        for config in apps.get_app_configs()
        if any(Path(config.path).glob("migrations/0*.py")) and not config.name.startswith("otklik")
    }
    homes = importlib.metadata.packages_distributions()

    assert {homes[name][0].lower() for name in with_tables} <= {*readiness.PACKAGES}
