import pytest

from tests.rights import scene
from tests.rights.scene import Scene


@pytest.fixture
def there(db: None) -> Scene:
    """One of each thing."""
    return scene.build()
