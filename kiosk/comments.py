"""What happens to a comment before it is recorded: personal data goes, a removal code comes."""

import secrets

from kiosk import i18n

# no 0, O, 1, I: a code is read from a screen and written on a slip of paper
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_SIGNS = "23456789" + _LETTERS
_STRUCK = {
    "mail": i18n.mark("[mail address removed]"),
    "handle": i18n.mark("[user name removed]"),
    "phone": i18n.mark("[number removed]"),
    "card": i18n.mark("[card number removed]"),
    "account": i18n.mark("[account number removed]"),
    "personal": i18n.mark("[number removed]"),
}


def removal_code() -> str:
    """Return a new code for "have this removed later", such as K7-42Q: one of 17 million."""
    signs = [secrets.choice(_SIGNS) for _ in range(4)]
    return f"{secrets.choice(_LETTERS)}{signs[0]}-{''.join(signs[1:])}"


def strike(text: str, language: str) -> tuple[str, tuple[str, ...]]:
    """Take personal data out of a comment, in its place what it was in the visitor's language."""
    from sync.feedback import privacy  # noqa: PLC0415 - its patterns take time, at the first comment

    labels = {kind: i18n.text(language, label) for kind, label in _STRUCK.items()}
    struck = privacy.strike(text, labels)
    return struck.text, tuple(dict.fromkeys(one.kind for one in struck.found))
