Feature: Cross-checking
  The rules name one binding method, and may name others beside it. Where one of those names another winner, the decision
  says why it stands.

  Background:
    Given a planned edition that is cross-checked by the median
    And it is under review of Ama and Bintou
    And the secretariat has appointed Rita as member
    And the panel has scored
      | reviewer | nominee | impact | initiative |
      | Ravi     | Ama     | 4      | 4          |
      | Rosa     | Ama     | 4      | 4          |
      | Rita     | Ama     | 4      | 4          |
      | Ravi     | Bintou  | 5      | 5          |
      | Rosa     | Bintou  | 5      | 5          |
      | Rita     | Bintou  | 1      | 1          |
    And the chair has closed reviewing

  Rule: Where a cross-check names another winner, the proposal says why it stands

    Example: Nothing is said
      When the chair proposes the decision
      Then this is refused as "cross check disagrees"

    Example: It is explained
      When the chair proposes the decision, which stands for "outlier-weighed"
      Then Ama is to win without a tie
      And the median would have named Bintou, but it stands for "outlier-weighed"
