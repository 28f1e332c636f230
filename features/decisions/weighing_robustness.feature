Feature: Weighing how firm a result is
  A sheet beside the ranking says what would have to be otherwise for others to win: one reviewer less, another method, a
  few points. It decides nothing, and is shown when reviewing is closed.

  Background:
    Given an edition under review of Ama and Bintou
    And the panel has scored
      | reviewer | nominee | impact | initiative |
      | Ravi     | Ama     | 5      | 4          |
      | Rosa     | Ama     | 3      | 3          |
      | Ravi     | Bintou  | 4      | 3          |
      | Rosa     | Bintou  | 3      | 4          |

  Rule: It tells on whom and on how little the result rests

    Example: One reviewer carries it
      Given the chair has closed reviewing
      When the chair weighs the result
      Then without Ravi the winner would be Bintou
      And without Rosa the winner would be Ama
      And 1 point of one score would bring the first two level

  Rule: It is shown when nothing of it changes any more, to who sees what it is made of

    Example: While reviewing is open
      When the secretariat weighs the result
      Then this is refused as "shown later"

    Example: To whoever is recused from one of the nominations
      Given Ravi has declared a conflict over Ama
      And the chair has closed reviewing
      When Ravi weighs the result
      Then this is refused as "closed to you"
