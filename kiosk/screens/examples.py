"""Surveys to look at: two to five faces, 0 to 10, yes and no, in every language. PURE data."""

import msgspec

from sync.feedback import surveys

NEUTRAL = {
    "en": "Neither",
    "sv": "Varken eller",
    "nb": "Verken eller",
    "da": "Hverken eller",
    "ceb": "Tunga-tunga",
    "fi": "Siltä väliltä",
    "de": "Teils, teils",
    "fr": "Ni l’un ni l’autre",
    "es": "Ni lo uno ni lo otro",
}
YES_NO = {
    "en": ["No", "Yes"],
    "sv": ["Nej", "Ja"],
    "nb": ["Nei", "Ja"],
    "da": ["Nej", "Ja"],
    "ceb": ["Wala", "Oo"],
    "fi": ["En", "Kyllä"],
    "de": ["Nein", "Ja"],
    "fr": ["Non", "Oui"],
    "es": ["No", "Sí"],
}
FOUND = {
    "en": "Did you find what you were looking for?",
    "sv": "Hittade du det du letade efter?",
    "nb": "Fant du det du lette etter?",
    "da": "Fandt du det, du ledte efter?",
    "ceb": "Nakit-an ba nimo ang imong gipangita?",
    "fi": "Löysitkö sen, mitä etsit?",
    "de": "Haben Sie gefunden, was Sie gesucht haben?",
    "fr": "Avez-vous trouvé ce que vous cherchiez ?",
    "es": "¿Encontró lo que buscaba?",
}


def variants(survey: surveys.Survey) -> dict[str, surveys.Survey]:
    """The survey asked with other answers, or two questions, by a short name; `survey` has four
    faces.
    """
    four = survey.questions[0]
    middle = {tag: NEUTRAL.get(tag, NEUTRAL["en"]) for tag in four.words}
    words = {
        "ask2": {tag: [w[0], w[3]] for tag, w in four.words.items()},
        "ask3": {tag: [w[1], middle[tag], w[2]] for tag, w in four.words.items()},
        "ask5": {tag: [*w[:2], middle[tag], *w[2:]] for tag, w in four.words.items()},
    }
    made = {
        name: msgspec.structs.replace(four, faces=int(name[-1]), words=said)
        for name, said in words.items()
    }
    made["scale"] = msgspec.structs.replace(
        four,
        kind="scale",
        faces=11,
        words={tag: [w[0], w[3]] for tag, w in four.words.items()},
    )
    made["yesno"] = msgspec.structs.replace(
        four, id="found", kind="yes_no", faces=2, text=FOUND, words=YES_NO, hint={}
    )
    found = {name: [question] for name, question in made.items()}
    found["two"] = [four, made["yesno"]]
    return {
        name: msgspec.structs.replace(survey, questions=questions)
        for name, questions in found.items()
    }
