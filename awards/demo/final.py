"""The second stage of the exercise: the shortlist goes to another panel, which judges it anew by another rubric.

Who reviews what is worked out here by rule. The two best of the first stage tie again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awards.demo.checks import same

if TYPE_CHECKING:
    from awards.demo.exercise import Exercise

STAGE = "final"
REVIEWS = 3
"""How many reviews each finalist gets: one by everybody on the panel."""


class Final:
    """The second stage as it goes."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        seats = exercise.script["final_panel"]
        self.panel = [exercise.people.appointed(exercise.edition, STAGE, **seat) for seat in seats]
        self.chair = self.panel[0][1]
        stage = exercise.script["rules"]["stages"][1]
        self.criteria = [criterion["id"] for criterion in stage["rubric"]]

    def play(self) -> None:
        """From the assignments to the last score."""
        self.assign()
        self.review()
        self.exercise.say(f"a final panel of {len(self.panel)} judged the finalists by another rubric; two tie again")

    def assign(self) -> None:
        """Work out a plan, and record it as it is; who is not on the shortlist is not in it."""
        here = self.exercise.here
        plan = self.chair.get(f"{here}/assignment-plan", stage=STAGE, reviews=REVIEWS)
        planned = {each["nomination"] for each in plan["assignments"]}
        same("finalists that the plan assigns", planned, set(self.exercise.finalists))
        asked = {"stage": STAGE, "basis": plan["basis"], "assignments": plan["assignments"]}
        self.chair.post(f"{here}/assignments", asked)
        self.chair.try_to(f"{here}/assignments", asked).refused(409, "plan_outdated")
        self.chair.post(f"{here}/reviewing", {"stage": STAGE, "state": "open"})

    def review(self) -> None:
        """Everybody declares, opens the file and scores; then reviewing is closed."""
        cases = {self.exercise.cases[case["nominee"]["mission"]]: case for case in self.exercise.script["nominations"]}
        for place, (_, reviewer) in enumerate(self.panel):
            for review in list(reviewer.items(f"{self.exercise.here}/reviews", mine="true")):
                path = f"/reviews/{review['id']}"
                reviewer.post(f"{path}/declare-no-conflict")
                reviewer.post(f"{path}/open-file")
                reviewer.put(path, self._scores(cases[review["nomination"]]["final_scores"][place])).ok()
        self.chair.try_to(f"{self.exercise.here}/decisions", {}).refused(409, "reviewing_not_closed")
        self.chair.post(f"{self.exercise.here}/reviewing", {"stage": STAGE, "state": "closed"})

    def _scores(self, given: list[int]) -> dict[str, Any]:
        return {"scores": dict(zip(self.criteria, given, strict=True))}
