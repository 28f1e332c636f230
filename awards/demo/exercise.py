"""One complete edition over HTTP, from the plan to a correction, with the wrong steps people take tried on the way.

It is an exercise: the missions are real, the people and what they did are invented (`exercise.json`), and its texts say
so. The two best tie to the last digit and win jointly, as two won in 2019.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from awards.demo.checks import same, show_embargo
from awards.demo.client import Client
from awards.demo.final import Final
from awards.demo.people import SLUG, People, script

LABEL = "Exercise 2025"
ZONE = "America/New_York"
ON_PAPER = "UNMOGIP"
INELIGIBLE = "UNMIK"
MEMBER_NOMINATES = ("UNTSO", 4)
"""The mission, and which member of the panel put its nominee forward."""
CONFLICT = ("MONUSCO", 1)
"""The mission, and which member of the panel served with the nominee."""
MISTAKEN = ("UNIFIL", 3)
"""The mission, and which member of the panel is taken for somebody else of the same name."""
REVISED = ("MINUSCA", 3)
"""The mission, and which member of the panel raises a score later."""
EMBARGO = timedelta(seconds=4)
Say = Callable[[str], None]


class Exercise:
    """The edition as it goes; `say` tells a person who watches."""

    def __init__(self, people: People, say: Say) -> None:
        self.people = people
        self.say = say
        self.script = script()
        self.secretariat = people.secretariat
        self.panel: list[tuple[str, Client]] = []
        self.cases: dict[str, str] = {}
        """Nomination by mission."""

    def play(self) -> None:
        """From the plan to a correction."""
        self.plan()
        self.nominate()
        self.answer()
        self.rule()
        self.assign()
        self.review()
        self.shortlist()
        self.final = Final(self)
        self.final.play()
        self.decide()
        self.publish()

    # The plan and the people.

    def plan(self) -> None:
        """Plan with rules that stay as they are, and appoint a panel of five."""
        body = {"label": LABEL, "rules": self.script["rules"]}
        self.secretariat.try_to(f"/awards/{SLUG}/editions", {**body, "budget": 1}).refused(422, "invalid_body")
        answer = self.secretariat.try_to(f"/awards/{SLUG}/editions", body, "plan-the-exercise")
        self.edition: str = answer.ok()["id"]
        again = self.secretariat.try_to(f"/awards/{SLUG}/editions", body, "plan-the-exercise")
        same("the edition made by a repeated request", again.ok()["id"], self.edition)
        self.here = f"/editions/{self.edition}"
        self.panel = [self.people.appointed(self.edition, "panel", **seat) for seat in self.script["panel"]]
        self.chair, self.deputy = self.panel[0][1], self.panel[2][1]
        self.say(f"planned {LABEL!r}: two stages; a first panel of {len(self.panel)}, 4 criteria")

    # The call.

    def nominate(self) -> None:
        """Open the call, take twelve nominations, amend one, extend the call and close it."""
        opens = datetime.now(UTC)
        call = {"opens": _text(opens), "closes": _text(opens + timedelta(hours=1)), "zone": ZONE}
        self.secretariat.post(f"{self.here}/open-call", call)
        for case in self.script["nominations"]:
            self.submit(case)
        longer = {"closes": _text(opens + timedelta(days=1)), "zone": ZONE}
        self.secretariat.post(f"{self.here}/extend-call", longer)
        self.chair.try_to(f"{self.here}/reviewing", {"stage": "panel", "state": "open"}).refused(409, "call_still_open")
        self.secretariat.post(f"{self.here}/close-call", {"code": "all-missions-answered"})
        self.nominator.try_to(f"{self.here}/nominations", self.late).refused(409, "call_closed")
        self.public_may_not_read()
        self.say(f"{len(self.cases)} nominations from {len(self.cases)} missions; the call is closed")

    def submit(self, case: dict[str, Any]) -> None:
        """One nomination: by its nominator, or on paper and entered by the secretariat."""
        mission = case["nominee"]["mission"]
        body = {"nominee": case["nominee"], "statement": case["statement"]}
        if mission == ON_PAPER:
            on_behalf = {**body, "on_behalf_of": case["nominator"]}
            self.cases[mission] = self.secretariat.post(f"{self.here}/nominations", on_behalf)["id"]
            return
        by_member = mission == MEMBER_NOMINATES[0]
        who = {"participant": self.panel[MEMBER_NOMINATES[1]][0]} if by_member else {"name": case["nominator"]}
        nominator = self.people.entered(self.edition, "nominator", **who)
        first = {**body, "statement": "To follow."} if mission == "UNDOF" else body
        self.cases[mission] = nominator.post(f"{self.here}/nominations", first)["id"]
        if mission == "UNDOF":
            nominator.put(f"/nominations/{self.cases[mission]}", body).ok()
        if mission == INELIGIBLE:
            self.nominator, self.late = nominator, body

    def public_may_not_read(self) -> None:
        """Without a token nothing of a running edition is told, and one's own role is the limit."""
        self.people.public.ask("GET", f"{self.here}/nominations").refused(401, "unauthenticated")
        self.nominator.ask("GET", f"{self.here}/standing?stage=panel").refused(403, "forbidden")
        self.nominator.ask("GET", f"/nominations/{self.cases['UNISFA']}").refused(404, "not_found")

    def answer(self) -> None:
        """Endorsements and nominees' answers, each by a link of its own; one answer came on paper."""
        for case in self.script["nominations"]:
            nomination = self.cases[case["nominee"]["mission"]]
            if "endorsement" in case:
                self.people.link(nomination, "endorser").post(f"/nominations/{nomination}/endorse", case["endorsement"])
        for mission, nomination in self.cases.items():
            if mission == INELIGIBLE:
                continue
            by = self.secretariat if mission == ON_PAPER else self.people.link(nomination, "nominee")
            by.post(f"/nominations/{nomination}/answer", {"answer": "accepted"})
        self.say("endorsed and accepted by link, one answer entered from paper")

    def rule(self) -> None:
        """Rule on every nomination: eleven meet the rules, one does not."""
        eligible = {"outcome": "eligible", "rule": "all", "code": "meets-rules"}
        case = f"/nominations/{self.cases[INELIGIBLE]}/rule"
        self.secretariat.try_to(case, eligible).refused(409, "consent_missing")
        text = "The service described ended before the period of this edition began. (Exercise.)"
        outside = {"outcome": "ineligible", "rule": "period-of-service", "code": "outside-period", "text": text}
        self.secretariat.post(case, outside)
        self.secretariat.try_to(case, eligible).refused(409, "already_ruled")
        for mission, nomination in self.cases.items():
            if mission != INELIGIBLE:
                self.secretariat.post(f"/nominations/{nomination}/rule", eligible)
        self.say("11 ruled eligible, 1 ineligible, for a stated reason")

    # The panel.

    def assign(self) -> None:
        """Open reviewing and give every nomination to everybody who has no part in it."""
        self.secretariat.post(f"{self.here}/reviewing", {"stage": "panel", "state": "open"})
        self.reviews: dict[tuple[str, int], str] = {}
        for mission, nomination in self.cases.items():
            for place, (reviewer, _) in enumerate(self.panel):
                body = {"stage": "panel", "nomination": nomination, "reviewer": reviewer}
                answer = self.chair.try_to(f"{self.here}/reviews", body)
                if mission == INELIGIBLE:
                    answer.refused(409, "not_ruled_eligible")
                elif (mission, place) == MEMBER_NOMINATES:
                    answer.refused(409, "reviewer_has_interest")
                else:
                    self.reviews[mission, place] = answer.ok()["id"]
        self.recuse()
        self.say(f"{len(self.reviews)} assignments; a conflict of interest declared, a nominator not assigned")

    def recuse(self) -> None:
        """A conflict is declared before the file was opened; a recusal that was a mistake is lifted by another."""
        mission, place = CONFLICT
        text = "We served in the same battalion until last year. (Exercise.)"
        conflict = f"/reviews/{self.reviews[CONFLICT]}/declare-conflict"
        self.panel[place][1].post(conflict, {"code": "served-together", "text": text})
        self.panel[place][1].ask("GET", f"/nominations/{self.cases[mission]}").refused(404, "not_found")
        mistaken = f"/reviews/{self.reviews[MISTAKEN]}"
        self.chair.post(f"{mistaken}/recuse", {"code": "same-contingent"})
        reason = {"code": "other-person", "text": "An officer of the same name. (Exercise.)"}
        self.panel[MISTAKEN[1]][1].try_to(f"{mistaken}/reinstate", reason).refused(404, "not_found")
        self.deputy.post(f"{mistaken}/reinstate", reason)
        self.recusals = {
            self.reviews[CONFLICT]: ("declared", False),
            self.reviews[MISTAKEN]: ("imposed", True),
        }

    def review(self) -> None:
        """Score, blind to the others until one's own review is in; one member raises a score later."""
        scores = {case["nominee"]["mission"]: case.get("scores") for case in self.script["nominations"]}
        for (mission, place), review in self.reviews.items():
            if (mission, place) == CONFLICT:
                continue
            if place == 1:
                self.sees(place, mission, [])
            given = list(scores[mission][place])
            self.read_file(place, review, given)
            if (mission, place) == REVISED:
                given[0] -= 1
            self.score(place, review, given).ok()
            if place == 1:
                self.sees(place, mission, [0, 1])
        self.revise(scores[REVISED[0]][REVISED[1]])
        self.chair.post(f"{self.here}/reviewing", {"stage": "panel", "state": "closed"})
        self.score(0, self.reviews["UNISFA", 0], [10, 10, 10, 10]).refused(409, "reviewing_not_open")
        self.say("all scores of the first stage are in; one was revised, after which two nominations tie")

    def read_file(self, place: int, review: str, given: list[int]) -> None:
        """Declare to have no conflict, then open the file; no other order will do."""
        reviewer = self.panel[place][1]
        if place == 0:
            reviewer.try_to(f"/reviews/{review}/open-file").refused(409, "declaration_missing")
            self.score(place, review, given).refused(409, "declaration_missing")
        reviewer.post(f"/reviews/{review}/declare-no-conflict")
        if place == 0:
            self.score(place, review, given).refused(409, "file_not_opened")
        reviewer.post(f"/reviews/{review}/open-file")

    def score(self, place: int, review: str, given: list[int], etag: str | None = None) -> Any:
        """One score for each criterion."""
        criteria = [criterion["id"] for criterion in self.script["rules"]["stages"][0]["rubric"]]
        comment = self.script["comments"][(place + given[0]) % len(self.script["comments"])]
        body = {"scores": dict(zip(criteria, given, strict=True)), "comment": f"{comment} (Exercise.)"}
        return self.panel[place][1].put(f"/reviews/{review}", body, etag)

    def revise(self, scores: list[int]) -> None:
        """Replacing needs the ETag of what was read; an old one is refused."""
        place, review = REVISED[1], self.reviews[REVISED]
        reviewer = self.panel[place][1]
        read = reviewer.ask("GET", f"/reviews/{review}").etag
        reviewer.ask("PUT", f"/reviews/{review}", {"scores": {}}).refused(428, "precondition_required")
        self.score(place, review, scores, read).ok()
        self.score(place, review, scores, read).refused(412, "stale")

    def sees(self, place: int, mission: str, places: list[int]) -> None:
        """Whose scores of a nomination a member of the panel can read now."""
        found = self.panel[place][1].items(f"{self.here}/reviews", nomination=self.cases[mission])
        scored = sorted(review["reviewer"] for review in found if "scores" in review)
        same(f"scores of {mission} that a reviewer reads", scored, sorted(self.panel[each][0] for each in places))

    # The decision.

    def shortlist(self) -> None:
        """Agree which five go on to the final panel; the first panel decides nothing more."""
        ranked = self.chair.get(f"{self.here}/standing", stage="panel")["ranking"]["entries"]
        self.finalists = [entry["nomination"] for entry in ranked[:5]]
        self.chair.try_to(f"{self.here}/decisions", {}).refused(403, "forbidden")
        self.chair.post(f"{self.here}/shortlist", {"stage": "panel", "nominations": self.finalists})
        self.say(f"{len(self.finalists)} of {len(ranked)} shortlisted for the final panel")

    def decide(self) -> None:
        """The last stage's chair proposes, and another person approves."""
        chair = self.final.chair
        self.decision: str = chair.post(f"{self.here}/decisions", {})["id"]
        decision = f"/decisions/{self.decision}"
        too_early = {"citations": {nomination: {"en": "Too early."} for nomination in self.finalists[:2]}}
        self.secretariat.try_to(f"{decision}/announce", too_early).refused(409, "not_approved")
        same_person = self.people.entered(self.edition, "approver", participant=self.final.panel[0][0])
        same_person.try_to(f"{decision}/approve").refused(403, "second_person_needed")
        self.people.approver.post(f"{decision}/approve")
        self.say("proposed by the chair, refused to the chair as approver, approved by another person")

    def publish(self) -> None:
        """Announce under an embargo, confer when it has ended, and correct a fact."""
        decision = f"/decisions/{self.decision}"
        cited = {
            self.cases[case["nominee"]["mission"]]: case for case in self.script["nominations"] if "citation" in case
        }
        ends = datetime.now(UTC) + EMBARGO
        body = {"citations": {key: case["citation"] for key, case in cited.items()}, "embargo": _text(ends)}
        self.secretariat.post(f"{decision}/announce", body)
        show_embargo(self.people, self.decision, ends)
        today = ends.date().isoformat()
        occasion = {"en": "Ceremony of the exercise", "fr": "Cérémonie de l'exercice"}
        giving = {"occasion": occasion, "date": today, "place": "New York", "presented_by": ["Somebody Invented"]}
        self.secretariat.post(f"{decision}/confer", giving)
        winner = next(each for each in self.secretariat.get(decision)["winners"] if each["mission"] == "UNISFA")
        correction = {
            "field": "rank",
            "winner": winner["participant"],
            "standing": "Squadron Leader",
            "rival": "Flight Lieutenant",
            "sources": ["exercise-press-release"],
            "reading": "Promoted between the service and the award. (Exercise.)",
        }
        self.secretariat.post(f"{decision}/correct", correction)
        self.say("announced, conferred, and a rank corrected with its source")


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
