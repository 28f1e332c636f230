Feature: Hiding the nominator
  Where the rules say so, the panel judges the case without knowing who put it forward.

  Background:
    Given a planned edition that hides nominators from the panel
    And it is under review of Ama
    And Ama is assigned to Ravi

  Rule: The panel does not learn who nominated

    Example: A reviewer reads the case
      Then Ravi reads the nomination of Ama without its nominator

    Example: A reviewer reads the history
      Then the history tells Ravi that a nominator submitted, and not which

    Example: The secretariat knows
      Then the secretariat reads the nomination of Ama with its nominator
