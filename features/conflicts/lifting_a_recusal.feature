Feature: Lifting a recusal
  A recusal may rest on a mistake. Another person lifts it, with a reason: never the person recused, and no chair for a
  chair.

  Background:
    Given an edition under review of Ama
    And Ama is assigned to Ravi
    And a deputy sits on the panel

  Rule: What was finished counts again

    Example: A mistake is found out
      Given Ravi gave Ama 4 and 4
      And the chair has recused Ravi from Ama
      When the secretariat reinstates Ravi over Ama for "other-person"
      Then the review of Ama by Ravi is submitted
      And the standing is
        | rank | nominee | total | reviews |
        | 1    | Ama     | 4     | 1       |
      And the history ends with "review reinstated"

    Example: What was not finished may be
      Given the chair has recused Ravi from Ama
      And the secretariat has reinstated Ravi over Ama
      When Ravi scores Ama
      Then the review of Ama by Ravi is submitted

    Example: What was never assigned may be
      Given Rosa has declared beforehand a conflict over Ama
      And the secretariat has reinstated Rosa over Ama
      When the chair assigns Ama to Rosa
      Then Rosa has Ama to review

    Example: Nothing was recused
      When the secretariat reinstates Ravi over Ama for "other-person"
      Then this is refused as "not recused"

  Rule: Nobody lifts a recusal of their own

    Example: A reviewer tries
      Given the chair has recused Ravi from Ama
      When Ravi reinstates Ravi over Ama for "other-person"
      Then this is refused as "not found"

    Example: The chair tries
      Given the chair has declared beforehand a conflict over Ama
      When the chair reinstates the chair over Ama for "other-person"
      Then this is refused as "not found"

    Scenario Outline: Another lifts the chair's
      Given the chair has declared beforehand a conflict over Ama
      When <somebody> reinstates the chair over Ama for "other-person"
      Then the history ends with "review reinstated"

      Examples:
        | somebody        |
        | the deputy      |
        | the secretariat |

  Rule: Nothing is lifted under a decision

    Example: The decision is proposed
      Given Ravi gave Ama 4 and 4
      And Ama is assigned to Rosa
      And the chair has recused Rosa from Ama
      And the chair has closed reviewing
      And the chair has proposed the decision
      When the secretariat reinstates Rosa over Ama for "other-person"
      Then this is refused as "already proposed"
