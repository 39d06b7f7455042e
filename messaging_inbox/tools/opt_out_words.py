"""What customers write, as a whole message, to stop or to resume our messages.

Providers report their own keywords, which are English. These are the words of other
languages, compared without case, accents and punctuation.
"""

import unicodedata

OUT = {
    "ca": ("baixa", "atura", "aturar"),
    "de": ("stopp", "abmelden", "abbestellen"),
    "es": ("baja", "alto", "parar", "cancelar suscripcion", "darme de baja"),
    "fr": ("arret", "arreter", "desabonner", "desinscription"),
    "it": ("annulla iscrizione", "cancellami", "disiscrivimi", "ferma"),
    "nl": ("afmelden", "uitschrijven"),
    "pl": ("rezygnuje", "wypisz"),
    "pt": ("parar", "sair", "descadastrar", "cancelar inscricao"),
}
IN = {
    "ca": ("alta",),
    "de": ("anmelden",),
    "es": ("alta",),
    "fr": ("reprendre", "reabonner"),
    "it": ("iscrivimi", "riprendi"),
    "nl": ("aanmelden",),
    "pl": ("zapisz",),
    "pt": ("voltar", "inscrever"),
}
# The longest of them, with some punctuation.
MOST_CHARACTERS = 30


def opt_of(text, language):
    """Return ``"out"`` or ``"in"`` if a text opts out or in, else an empty string.

    ``language`` is a code such as ``es`` or ``es_MX``.
    """
    if len(text) > MOST_CHARACTERS:
        return ""
    words = _folded(text)
    language = (language or "")[:2]
    if words in OUT.get(language, ()):
        return "out"
    return "in" if words in IN.get(language, ()) else ""


def _folded(text):
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = (
        character if character.isalpha() or character.isspace() else " "
        for character in decomposed
        if not unicodedata.combining(character)
    )
    return " ".join("".join(letters).split())
