Feature: Declaring late
  A conflict that is declared late marks every earlier act it touches, and a report says which scores are affected and
  whether the winner would change.

  Background:
    Given a planned edition with a conflict policy
    And it is under review of Ama and Bintou
    And Ravi declared, read and gave Ama 5 and 5
    And Rosa declared, read and gave Ama 3 and 3
    And Ravi declared, read and gave Bintou 4 and 4
    And Rosa declared, read and gave Bintou 3 and 3

  Rule: The report says what the recusal touches

    Example: The winner changes
      When Ravi declares a conflict over Ama for "family-tie"
      Then the report says of Ravi over Ama that "the winner would change"
      And the report says that 1 score of Ravi over Ama is affected
      And the report tells under which policy Ravi had declared no conflict over Ama

    Example: The winner stays
      When Rosa declares a conflict over Ama for "family-tie"
      Then the report says of Rosa over Ama that "the winner would stay"

    Example: The recusal was lifted
      Given Ravi has declared a conflict over Ama
      When the secretariat reinstates Ravi over Ama for "other-person"
      Then the report tells that the recusal of Ravi over Ama was lifted

  Rule: Earlier acts are marked in the history

    Example: What the reviewer did to the nomination, and nothing else
      When Ravi declares a conflict over Ama for "family-tie"
      Then these acts of Ravi are marked
        | what                        | nominee |
        | review no conflict declared | Ama     |
        | nomination file opened      | Ama     |
        | review submitted            | Ama     |

    Example: A lifted recusal marks nothing
      Given Ravi has declared a conflict over Ama
      When the secretariat reinstates Ravi over Ama for "other-person"
      Then no act of Ravi is marked

  Rule: Whom the conflict bars learns nothing of it

    Example: The chair is recused
      Given the chair has declared beforehand a conflict over Ama
      Then the report tells the chair nothing of Ama
      And the report tells the auditor of the chair over Ama

    Example: A reviewer asks for the report
      When Ravi reads the report on conflicts
      Then this is refused as "forbidden"
