Feature: Handling conflicts of interest
  A tie that could tilt judgement is declared by the reviewer, or imposed by whoever runs the panel. Either way the
  reviewer is recused from that nomination.

  Background:
    Given an edition under review of Ama and Bintou
    And Ama is assigned to Ravi and to Rosa

  Rule: Declaring a conflict recuses at once

    Example: A reviewer declares a conflict
      When Ravi declares a conflict over Ama for "family-tie"
      Then the review of Ama by Ravi is recused
      And the secretariat reads the conflict "family-tie" of Ravi over Ama

    Example: A recused reviewer scores no more
      Given Ravi has declared a conflict over Ama
      When Ravi scores Ama
      Then this is refused as "review ended"

    Example: A recused reviewer no longer sees the case
      Given Ravi has declared a conflict over Ama
      When Ravi reads the nomination of Ama
      Then this is refused as "not found"

    Example: A conflict is declared once
      Given Ravi has declared a conflict over Ama
      When Ravi declares a conflict over Ama for "same-unit"
      Then this is refused as "already recused"

  Rule: The chair may recuse a reviewer

    Example: A recusal is imposed
      When the chair recuses Ravi from Ama for "same-unit"
      Then the review of Ama by Ravi is recused

  Rule: What a recused reviewer scored before counts no more

    Example: The conflict comes to light after the scores
      Given Ravi gave Ama 1 and 1
      And Rosa gave Ama 5 and 5
      When Ravi declares a conflict over Ama for "family-tie"
      Then the standing is
        | rank | nominee | total | reviews |
        | 1    | Ama     | 5     | 1       |
