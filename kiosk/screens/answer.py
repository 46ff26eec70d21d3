"""I want an answer: where to turn, for every face alike. Nothing is asked for."""

import re

from kiosk.screens import prose, warning
from kiosk.screens.page import Page
from kiosk.screens.prose import Paragraph
from kiosk.screens.screen import Scene

NOBODY = (
    "This screen does not know who you are, so nobody can answer you from here. Please turn to:"
)


_DIGITS = re.compile(r"(?<=\d) (?=\d)")
"""Between the parts of a number, a postal code's for instance, where no line breaks."""


class Answer(Page):
    """Customer service's telephone, hours, address, and a code."""

    TITLE = "I want an answer"

    def arrange(self, scene: Scene) -> None:
        """Title, ways to turn to, code, back."""
        service = scene.view.service
        said = [Paragraph(scene.say(NOBODY))]
        for text, icon, strong in (
            (service.telephone, "phone", True),
            (scene.view.service_hours, "clock", False),
            (_DIGITS.sub("\u00a0", service.address), "place", False),
            (service.web.removeprefix("https://"), "globe", False),
        ):
            if text:
                said.append(Paragraph(text, icon, strong))
        prose.put(self, scene, self.frame_page(scene), said, service.web)
        warning.put(self, scene)
