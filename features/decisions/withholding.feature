Feature: Withholding the award
  That nobody receives the award is a decision like any other: with a reason, by two people.

  Background:
    Given an edition whose reviewing is closed with Ama before Bintou

  Rule: Withholding needs a reason and a second person

    Example: The award is withheld
      Given the chair has proposed to withhold the award for "no-case-strong-enough"
      When the approver approves the decision
      Then the decision is withheld for "no-case-strong-enough"

    Example: No reason is given
      When the chair proposes to withhold the award without a reason
      Then this is refused as "reason missing"

  Rule: What is withheld is not announced

    Example: There is nobody to announce
      Given the chair has proposed to withhold the award for "no-case-strong-enough"
      And the approver has approved the decision
      When the secretariat announces Ama "for two years of patrols"
      Then this is refused as "not approved"
      And the public finds no winner
