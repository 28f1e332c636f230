Feature: Acting for the chair
  Where the chair may not judge a nomination, the deputy leads what that nomination is part of. A chair leads the panel
  of one stage, and no other.

  Background:
    Given an edition under review of Ama and Bintou
    And a deputy sits on the panel
    And Ravi gave Ama 5 and 5

  Rule: A recused chair leads nothing in the category

    Background:
      Given the chair is recused from Bintou

    Example: Reviewing
      When the chair closes reviewing
      Then this is refused as "closed to you"

    Example: The shortlist
      Given the deputy has closed reviewing
      When the chair shortlists Ama
      Then this is refused as "closed to you"

    Example: The decision
      Given the deputy has closed reviewing
      When the chair proposes the decision
      Then this is refused as "closed to you"

    Example: The deputy does
      Given the deputy has closed reviewing
      When the deputy proposes the decision
      Then the decision is proposed

  Rule: What is out of play keeps nobody away

    Example: The nomination is withdrawn
      Given the chair is recused from Bintou
      And the secretariat has withdrawn the nomination of Bintou
      When the chair closes reviewing
      Then the edition is reviewed
