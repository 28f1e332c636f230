Feature: Staying out of one's own
  Whoever is recused from a nomination sees neither it nor anything that follows from it, until all is decided.

  Background:
    Given an edition under review of Ama and Bintou
    And Rosa gave Ama 5 and 5
    And Rosa gave Bintou 3 and 3
    And Ravi is recused from Ama

  Rule: To whoever is recused it is as if the nomination were not there

    Example: The case
      When Ravi reads the nomination of Ama
      Then this is refused as "not found"

    Example: The list, and how many there are
      Then Ravi finds Bintou among the nominations, which are one

    Example: The reviews of others
      When Ravi reads the review of Ama by Rosa
      Then this is refused as "not found"

    Example: The history
      Then the history tells Ravi nothing of the nomination of Ama

    Example: The ranks of the others
      Given the chair has closed reviewing
      When Ravi reads the standing
      Then Ravi learns the ranking of Bintou

    Example: What is proposed
      Given the chair has closed reviewing
      And the chair has proposed a decision
      Then Ravi learns of the decision that it is proposed, and nothing else

  Rule: When it is decided, whoever is recused sees the final ranking

    Example: The second person has approved
      Given the chair has closed reviewing
      And the chair has proposed a decision
      And the approver has approved it
      When Ravi reads the standing
      Then Ravi learns the ranking of Ama and Bintou
      And Ravi learns of the decision that it is approved, and nothing else
