"""What the pages of signing in elsewhere say; each language has the same keys."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "go": "Continue with {name}",
        "go_text": "You are being taken to {name}, where you sign in. Then you come back here.",
        "stale": "This sign-in cannot be continued",
        "stale_text": "It took too long, was used already, or began in another browser. Please begin again.",
        "declined": "{name} did not confirm who you are",
        "declined_text": "Nothing has changed here. You can begin again, or sign in another way.",
        "unknown": "Nobody here signs in with this account",
        "unknown_text": (
            "At {name} it is known who you are, but no account here belongs to it. The first time, use the link or the "
            "one-time code of your invitation and continue with {name} from there. If you did, ask the secretariat."
        ),
        "code": "This code is not valid",
        "code_text": (
            "It was used already, has expired, or is mistyped. Ask the secretariat for another; nothing has changed."
        ),
        "taken": "This account already belongs to somebody here",
        "taken_text": "An account at {name} opens one account here only. Ask the secretariat; nothing has changed.",
        "down": "{name} does not answer",
        "down_text": "Please try again in a minute, or sign in another way. This is not about your account.",
        "wrong": "The answer of {name} cannot be trusted",
        "wrong_text": "It does not pass our checks, so nobody was signed in. Please tell the secretariat.",
        "often": "Too many tries",
        "often_text": "Please wait a minute and begin again.",
        "again": "Begin again",
    },
    "fr": {
        "go": "Continuer avec {name}",
        "go_text": "Vous allez être conduit vers {name} pour vous y connecter, puis vous reviendrez ici.",
        "stale": "Cette connexion ne peut pas continuer",
        "stale_text": "Elle a trop duré, a déjà servi ou a commencé dans un autre navigateur. Veuillez recommencer.",
        "declined": "{name} n’a pas confirmé qui vous êtes",
        "declined_text": "Rien n’a changé ici. Vous pouvez recommencer ou vous connecter autrement.",
        "unknown": "Personne ne se connecte ici avec ce compte",
        "unknown_text": (
            "{name} sait qui vous êtes, mais aucun compte d’ici n’y correspond. La première fois, utilisez le lien ou "
            "le code à usage unique de votre invitation, puis continuez avec {name}. Sinon, écrivez au secrétariat."
        ),
        "code": "Ce code n’est pas valable",
        "code_text": (
            "Il a déjà servi, a expiré ou contient une faute de frappe. Demandez-en un autre au secrétariat ; rien n’a "
            "changé."
        ),
        "taken": "Ce compte appartient déjà à quelqu’un ici",
        "taken_text": "Un compte chez {name} n’ouvre qu’un compte ici. Écrivez au secrétariat ; rien n’a changé.",
        "down": "{name} ne répond pas",
        "down_text": "Réessayez dans une minute, ou connectez-vous autrement. Votre compte n’est pas en cause.",
        "wrong": "La réponse de {name} n’est pas digne de confiance",
        "wrong_text": "Elle ne satisfait pas à nos contrôles ; personne n’a été connecté. Prévenez le secrétariat.",
        "often": "Trop de tentatives",
        "often_text": "Veuillez attendre une minute avant de recommencer.",
        "again": "Recommencer",
    },
}
