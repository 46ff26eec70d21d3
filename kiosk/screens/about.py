"""What happens with this? At most sixty words, and a code that leads to the full notice."""

from kiosk.screens import prose, warning
from kiosk.screens.page import Page
from kiosk.screens.prose import Paragraph
from kiosk.screens.screen import Scene

COUNTED = "Your tap is counted together with everybody’s. A tap alone tells nobody who you are."
NOTHING = "There is no camera and no microphone here."
COMMENTS = "Comments are read by people, kept for {days} days and then erased."
RESPONSIBLE = "Responsible: {name}"
QUESTIONS = "Questions: {contact}"


class About(Page):
    """Who is responsible, what is not collected, what becomes of comments, whom to ask."""

    TITLE = "What happens with this?"

    def arrange(self, scene: Scene) -> None:
        """Title, paragraphs, code, back."""
        notice, say = scene.view.notice, scene.say
        said = [Paragraph(say(COUNTED), "person"), Paragraph(say(NOTHING), "cross")]
        if scene.view.comments_kept:
            text = say(COMMENTS).format(days=notice.retention_days)
            said.append(Paragraph(text, "pencil"))
        who = [say(RESPONSIBLE).format(name=notice.responsible)] if notice.responsible else []
        if notice.contact:
            who.append(say(QUESTIONS).format(contact=notice.contact))
        if who:
            said.append(Paragraph("\n".join(who), "letter"))
        prose.put(self, scene, self.frame_page(scene), said, notice.web)
        warning.put(self, scene)
