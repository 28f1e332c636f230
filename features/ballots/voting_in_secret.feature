Feature: Voting in secret
  A secret choice is sealed under the ballot. The service opens it to count, and for auditors once the ballot is closed.

  Background:
    Given an edition under review of Ama and Bintou
    And the chair has put a secret question to the panel
    And Ravi has voted yes
    And Rosa has voted no
    And the chair has voted yes

  Rule: Who voted is told, how is not

    Example: The chair closes the ballot
      When the chair closes the ballot
      Then the panel has answered yes
      And Rosa sees that 3 have voted, and no vote
      And the chair sees that 3 have voted, and no vote

  Rule: The auditor can recount it

    Example: The ballot is open
      Then the auditor sees that 3 have voted, and no vote

    Example: The ballot is closed
      When the chair closes the ballot
      Then the auditor sees the votes of Ravi, Rosa and the chair
