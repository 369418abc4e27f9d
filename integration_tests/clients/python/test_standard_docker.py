"""airbyte-cdk's standard tests of an image; `docker` is the wrapper in shims/, with the image behind it or, without one, the executable."""

from __future__ import annotations

import pytest
from airbyte_cdk.test.standard_tests.docker_base import DockerConnectorTestSuite
from standard import connector_folder


class TestSourceAshbyImage(DockerConnectorTestSuite):
    @classmethod
    def get_connector_root_dir(cls):
        return connector_folder()

    @pytest.mark.skip(reason="asks Airbyte's public registry for a published version; the acceptance tests compare with the snapshots instead")
    def test_docker_image_spec_backward_compatibility(self):
        pass
