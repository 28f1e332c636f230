"""What the pages say, in every language they speak; each language has the same keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LANGUAGES = ("en", "fr")

TEXTS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "language": "English",
        "title": "Awards: prizes whose decisions can be shown",
        "skip": "Skip to the content",
        "site": "Site",
        "languages": "Language",
        "api": "API",
        "document": "OpenAPI document",
        "account": "Your account",
        "heading": "Prizes, and how each one was decided",
        "lead": (
            "Awards is a service for bodies that give prizes. Committees nominate, review and decide here; every step "
            "is written to one log to which things can only be added, so that a decision can be recounted later."
        ),
        "winners": "Winners",
        "winners_text": (
            "The roll of honour is open to everybody: no account, from any origin, by award, year, country and free "
            "text. What is under embargo is not in it."
        ),
        "winners_link": "See the winners",
        "formats": "As data:",
        "developers": "For programs",
        "developers_text": (
            "One HTTP interface for the public and for committees: JSON, stable error codes, safe repetition, "
            "and a description that tools can read."
        ),
        "docs_link": "Read the API documentation",
        "steps": "How an award is given",
        "step_list": [
            ("Call", "The secretariat plans an edition with fixed rules and invites nominations until a deadline."),
            ("Nominations", "Nominators put people forward, others endorse them, and nominees say whether they stand."),
            ("Eligibility", "Each nomination is ruled eligible or ineligible, by a rule and for a stated reason."),
            (
                "Reviews",
                "A panel scores without seeing each other’s scores. Who has a conflict of interest steps back.",
            ),
            ("Decision", "Exact arithmetic ranks the nominations; one person proposes the outcome, another approves."),
            ("Announcement", "Winners appear with a citation when the embargo ends. Corrections cite their source."),
        ],
        "committee": "You are on a committee?",
        "committee_text": (
            "Your secretariat sends you a one-time code. It opens your account, where you issue tokens for your "
            "programs. Nominees and endorsers get a code of their own."
        ),
        "footer": "Open source, Apache-2.0.",
        "back": "To the first page",
        "missing": "There is no such page",
        "missing_text": "The address may be mistyped, or the page has moved.",
        "failed": "Something went wrong on our side",
        "failed_text": "It has been noted. Please try again later.",
        "refused": "This cannot be done here",
        "refused_text": "The address does not take this kind of request.",
    },
    "fr": {
        "language": "Français",
        "title": "Awards : des prix dont les décisions peuvent être montrées",
        "skip": "Aller au contenu",
        "site": "Site",
        "languages": "Langue",
        "api": "API",
        "document": "Document OpenAPI",
        "account": "Votre compte",
        "heading": "Des prix, et comment chacun a été décidé",
        "lead": (
            "Awards est un service pour les organismes qui décernent des prix. Les comités y proposent, évaluent et "
            "décident ; chaque étape est inscrite dans un journal auquel on ne peut qu’ajouter, si bien qu’une "
            "décision peut être recomptée plus tard."
        ),
        "winners": "Lauréates et lauréats",
        "winners_text": (
            "Le palmarès est public : sans compte, depuis toute origine, par prix, année, pays et texte libre. "
            "Ce qui est sous embargo n’y figure pas."
        ),
        "winners_link": "Voir le palmarès",
        "formats": "Sous forme de données :",
        "developers": "Pour les programmes",
        "developers_text": (
            "Une seule interface HTTP pour le public et les comités : JSON, codes d’erreur stables, répétition sans "
            "risque et une description lisible par les outils."
        ),
        "docs_link": "Lire la documentation de l’API",
        "steps": "Comment un prix est décerné",
        "step_list": [
            (
                "Appel",
                "Le secrétariat prépare une édition aux règles fixes et invite à proposer jusqu’à une date limite.",
            ),
            (
                "Candidatures",
                "Des personnes sont proposées, d’autres les soutiennent, et chacune dit si elle accepte.",
            ),
            ("Recevabilité", "Chaque candidature est jugée recevable ou non, selon une règle et pour un motif énoncé."),
            ("Évaluations", "Un jury note sans voir les notes des autres. En cas de conflit d’intérêts, on se retire."),
            (
                "Décision",
                "Un calcul exact établit le classement ; une personne propose le résultat, une autre l’approuve.",
            ),
            ("Annonce", "Le palmarès paraît à la levée de l’embargo. Les rectifications citent leur source."),
        ],
        "committee": "Vous siégez dans un comité ?",
        "committee_text": (
            "Votre secrétariat vous envoie un code à usage unique. Il ouvre votre compte, où vous émettez des jetons "
            "pour vos programmes. Les personnes proposées et leurs soutiens reçoivent leur propre code."
        ),
        "footer": "Logiciel libre, Apache-2.0.",
        "back": "Vers la page d’accueil",
        "missing": "Cette page n’existe pas",
        "missing_text": "L’adresse est peut-être mal écrite, ou la page a été déplacée.",
        "failed": "Une erreur s’est produite de notre côté",
        "failed_text": "Elle a été notée. Veuillez réessayer plus tard.",
        "refused": "Cela n’est pas possible ici",
        "refused_text": "L’adresse n’accepte pas ce genre de requête.",
    },
}
