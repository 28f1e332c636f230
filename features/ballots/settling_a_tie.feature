Feature: Settling a tie
  Where the ladder names them, a run-off vote of the panel or the casting vote of the chair settle a tie for the first place.

  Rule: A proposal waits for the run-off vote

    Example: It was not held
      Given Ama and Bintou tie, and the ladder is a run-off vote
      When the chair proposes the decision
      Then this is refused as "run off needed"

    Example: It was held
      Given Ama and Bintou tie, and the ladder is a run-off vote
      And the chair has opened the run-off vote
      And Ravi and Rosa have voted for Bintou
      And the chair has closed the ballot
      When the chair proposes the decision
      Then Bintou is to win by the run-off vote

  Rule: The casting vote is the chair's, and with a conflict the deputy's

    Example: The chair casts it
      Given Ama and Bintou tie, and the ladder is the casting vote
      And the chair has opened the casting vote
      When the chair votes for Ama
      And the chair closes the ballot
      And the chair proposes the decision
      Then Ama is to win by the casting vote

    Example: The chair is conflicted
      Given Ama and Bintou tie, and the ladder is the casting vote
      And the chair is recused from Ama
      And the deputy has opened the casting vote
      When the chair votes for Bintou
      Then this is refused as "not found"

    Example: The deputy casts it instead
      Given Ama and Bintou tie, and the ladder is the casting vote
      And the chair is recused from Ama
      And the deputy has opened the casting vote
      When the deputy votes for Ama
      And the deputy closes the ballot
      And the deputy proposes the decision
      Then Ama is to win by the casting vote
