Feature: Reviewing blind
  Nobody on the panel sees others' scores of a nomination before their own are in.

  Background:
    Given an edition under review of Ama and Bintou
    And Ama is assigned to Ravi and to Rosa
    And Rosa gave Ama 2 and 3

  Rule: One's own review comes first

    Example: Before
      When Ravi reads the review of Ama by Rosa
      Then this is refused as "not found"

    Example: After
      Given Ravi gave Ama 4 and 4
      When Ravi reads the review of Ama by Rosa
      Then Ravi learns its scores 2 and 3

    Example: Among the reviews, only one's own is listed
      Then Ravi is shown the reviews of Ravi
      And Rosa is shown the reviews of Rosa

    Example: When both are in, each sees both
      Given Ravi gave Ama 4 and 4
      Then Ravi is shown the reviews of Ravi and Rosa
      And Rosa is shown the reviews of Ravi and Rosa

    Example: The standing is told when one's own reviews are in
      When Ravi reads the standing
      Then this is refused as "own reviews first"

    Example: Reviewing is closed
      Given the chair has closed reviewing
      When Ravi reads the review of Ama by Rosa
      Then Ravi learns its scores 2 and 3

  Rule: The history does not tell what blindness hides

    Example: A reviewer reads the history while reviewing is open
      Then the history tells Ravi nothing of the review of Ama by Rosa

  Rule: Who runs the panel sees how far it is, and no score before reviewing is closed

    Example: While reviewing is open
      When the chair reads the review of Ama by Rosa
      Then the chair learns that it is in, and not its scores

    Example: The chair who could still assign herself reads no standing
      When the chair reads the standing
      Then this is refused as "own reviews first"

    Example: When it is closed
      Given the chair has closed reviewing
      When the chair reads the review of Ama by Rosa
      Then the chair learns its scores 2 and 3

  Rule: Of the standing one sees what one has scored

    Example: Until reviewing is closed
      Given Rosa gave Bintou 5 and 5
      And Ravi gave Ama 4 and 4
      When Ravi reads the standing
      Then Ravi learns the ranking of Ama

    Example: When it is closed
      Given Rosa gave Bintou 5 and 5
      And Ravi gave Ama 4 and 4
      And the chair has closed reviewing
      When Ravi reads the standing
      Then Ravi learns the ranking of Bintou and Ama

  Rule: Who runs the edition sees how far it is

    Scenario Outline: Outside the panel
      When <somebody> reads the review of Ama by Rosa
      Then <somebody> learns its scores 2 and 3

      Examples:
        | somebody        |
        | the secretariat |
        | the auditor     |

  Rule: Nominators learn nothing of the reviews

    Example: The nominator asks for the reviews
      When the nominator reads the review of Ama by Rosa
      Then this is refused as "not found"
