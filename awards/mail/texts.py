"""What letters say, in every language they are written in; each language has the same keys and the same blanks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TEXTS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "where": "{award}, edition {edition}",
        "every_award": "all awards",
        "roles": {
            "secretariat": "secretariat",
            "nominator": "nominator",
            "approver": "approver",
            "privacy_officer": "privacy officer",
            "auditor": "auditor",
            "reviewer": "member of the panel",
            "chair": "chair of the panel",
            "deputy": "deputy chair of the panel",
        },
        "letters": {
            "invitation": (
                "Invitation: {where}",
                "You are invited to take part in {where}, as {role}.\n\n"
                "To make your account, open this link. It works once, until {expires} (UTC):\n\n{enter}#{code}\n\n"
                "If the page asks for a code, paste this one:\n\n{code}\n\n"
                "Whoever has the code can use it: do not pass it on. If you did not expect this letter, "
                "you need not do anything.",
            ),
            "role": ("Your part in {where}", "You now take part in {where}, as {role}."),
            "assignment": (
                "A review for you: {where}",
                "A nomination was given to you to review in {where}.\n\nReview: {reference}\n\n"
                "If you have a tie to those it concerns, please say so there before you read on.",
            ),
            "receipt": (
                "Your nomination was received: {where}",
                "Your nomination in {where} was received and recorded.\n\nNomination: {reference}\n\n"
                "Please keep this letter as a receipt.",
            ),
            "reminder.call": (
                "The call closes soon: {where}",
                "The call for nominations of {where} closes on {deadline}.\n\n"
                "No nomination of yours has arrived so far. If you do not wish to nominate, you need not do anything.",
            ),
            "reminder.reviews": (
                "Reviews are due soon: {where}",
                "Reviews of yours in {where} are still open. They are due by {deadline}.",
            ),
            "results.panel": (
                "The result is public: {where}",
                "The result of {where}, on whose panel you sat, is now public.",
            ),
            "results.nominator": (
                "The result is public: {where}",
                "The result of {where}, to which you sent a nomination, is now public.",
            ),
            "results.nominee": (
                "The result is public: {where}",
                "The result of {where}, in which you were put forward, is now public.",
            ),
        },
        "look": "Look here:\n\n{look}",
        "choices": "You choose what you are written, and in which language, here:\n{choices}",
        "automatic": "This letter was sent automatically; nobody reads answers to it.",
    },
    "fr": {
        "where": "{award}, édition {edition}",
        "every_award": "tous les prix",
        "roles": {
            "secretariat": "secrétariat",
            "nominator": "auteur ou autrice de candidatures",
            "approver": "seconde signature",
            "privacy_officer": "responsable de la protection des données",
            "auditor": "audit",
            "reviewer": "membre du jury",
            "chair": "présidence du jury",
            "deputy": "vice-présidence du jury",
        },
        "letters": {
            "invitation": (
                "Invitation : {where}",
                "Vous êtes invité·e à participer à : {where}. Votre rôle : {role}.\n\n"
                "Pour créer votre compte, ouvrez ce lien. Il ne fonctionne qu’une fois, "
                "jusqu’au {expires} (UTC) :\n\n{enter}#{code}\n\n"
                "Si la page demande un code, collez celui-ci :\n\n{code}\n\n"
                "Toute personne qui possède ce code peut s’en servir : ne le transmettez pas. Si vous n’attendiez pas "
                "cette lettre, vous n’avez rien à faire.",
            ),
            "role": ("Votre rôle : {where}", "Vous participez désormais à : {where}. Votre rôle : {role}."),
            "assignment": (
                "Une évaluation pour vous : {where}",
                "Une candidature vous a été confiée pour évaluation : {where}.\n\nÉvaluation : {reference}\n\n"
                "Si un lien vous unit aux personnes concernées, veuillez le déclarer avant de poursuivre la lecture.",
            ),
            "receipt": (
                "Votre candidature est bien arrivée : {where}",
                "La candidature que vous avez proposée est arrivée et a été enregistrée : {where}.\n\n"
                "Candidature : {reference}\n\nVeuillez conserver cette lettre comme accusé de réception.",
            ),
            "reminder.call": (
                "L’appel se termine bientôt : {where}",
                "L’appel à candidatures se termine le {deadline} : {where}.\n\n"
                "Aucune candidature de votre part n’est arrivée à ce jour. Si vous ne souhaitez pas en proposer, "
                "vous n’avez rien à faire.",
            ),
            "reminder.reviews": (
                "Vos évaluations sont attendues : {where}",
                "Des évaluations de votre part restent à faire : {where}. Elles sont attendues le {deadline} "
                "au plus tard.",
            ),
            "results.panel": (
                "Le résultat est public : {where}",
                "Le résultat est désormais public : {where}. Vous avez siégé dans le jury.",
            ),
            "results.nominator": (
                "Le résultat est public : {where}",
                "Le résultat est désormais public : {where}. Vous y aviez proposé une candidature.",
            ),
            "results.nominee": (
                "Le résultat est public : {where}",
                "Le résultat est désormais public : {where}. Votre candidature y avait été proposée.",
            ),
        },
        "look": "Pour en savoir plus :\n\n{look}",
        "choices": "Choisissez ici ce que vous souhaitez recevoir, et dans quelle langue :\n{choices}",
        "automatic": "Cette lettre a été envoyée automatiquement ; personne ne lit les réponses.",
    },
}
