Feature: Judging without names
  Where the rules say so, the panel judges the case without knowing who is put forward.

  Background:
    Given a planned edition that hides nominees from the panel until all is public
    And it is under review of Ama
    And Ama is assigned to Ravi

  Rule: The panel does not learn who is put forward

    Example: A reviewer reads the case
      Then Ravi reads the nomination of Ama without its nominee

    Example: The chair, when reviewing is closed
      Given Ravi gave Ama 4 and 4
      And the chair has closed reviewing
      Then the chair reads the nomination of Ama without its nominee

    Example: A reviewer, when it is decided and under embargo
      Given Ravi gave Ama 4 and 4
      And the decision is announced under an embargo
      Then Ravi reads the nomination of Ama without its nominee
      And the decision tells Ravi nothing of who Ama is

    Example: When it is public
      Given Ravi gave Ama 4 and 4
      And the decision is announced at once
      Then Ravi reads the nomination of Ama with its nominee

  Rule: Who runs the edition knows

    Example: The secretariat reads the case
      Then the secretariat reads the nomination of Ama with its nominee
