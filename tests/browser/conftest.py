"""Figures on a bare page: fast, and independent of the book."""

import pytest
from playwright.sync_api import expect

from harness import Harness
from softmax_lib.live import TemperatureDial
from support import serving


@pytest.fixture(scope="session")
def harness(tmp_path_factory):
    harness = Harness(tmp_path_factory.mktemp("figures"))
    with serving(harness.folder) as harness.address:
        yield harness


@pytest.fixture
def show(harness, new_page):
    """Open a page with figures (the default dial if none is named) and wait until they live.

    Whatever a test does, at its end no page may have logged an error, broken the policy or asked another host.
    """
    pages = []

    def open_page(*figures, hash="", theme="", page=None, **options):
        if page is None:
            page = new_page(**{"reduced_motion": "reduce", **options})
            pages.append(page)
        shown = figures or [TemperatureDial()]
        page.goto(f"{harness.address}/{harness.write(*shown, theme=theme)}{hash}")
        expect(page.locator("live-figure[live]")).to_have_count(len(shown))
        return page

    yield open_page
    assert [page.problems for page in pages] == [[] for _ in pages]
