Feature: Importing an edition
  What was nominated and reviewed elsewhere, or on paper, comes in by files. The operator imports on behalf of those who
  nominated and reviewed, and every line is under the rules of a single act.

  Rule: Every line is checked before the first is recorded

    Example: Nominations come in with their rulings
      Given an edition whose call is open
      When the operator imports the nominations of Ama and Bintou
      Then the edition has 2 nominations
      And the nomination of Bintou is eligible

    Example: One wrong line stops all
      Given an edition whose call is open
      When the operator imports the nominations of Ama and Bintou, Bintou without a statement
      Then the import is stopped at line 2 for its statement
      And the edition has 0 nominations

    Example: After the close nothing lands, from a file neither
      Given an edition whose call is closed
      When the operator imports the nominations of Ama and Bintou
      Then the import is stopped at line 1 for "call_closed"

  Rule: No line is recorded twice

    Example: A file is imported again, with a line more
      Given an edition whose call is open
      And the operator has imported the nominations of Ama and Bintou
      When the operator imports the nominations of Ama, Bintou and Chidi
      Then the edition has 3 nominations

  Rule: Reviews are those of the panel

    Example: Reviews come in and count
      Given an edition under review of Ama and Bintou
      When the operator imports reviews by Ravi of Ama and Bintou
      Then the review of Ama by Ravi is submitted

    Example: Who does not sit does not review
      Given an edition under review of Ama and Bintou
      When the operator imports reviews by Chidi of Ama and Bintou
      Then the import is stopped at line 1 for its reviewer
