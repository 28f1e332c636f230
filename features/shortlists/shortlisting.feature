Feature: Shortlisting
  Where there are several stages, the chair names the nominations that go on: the finalists.

  Background:
    Given a planned edition of two stages
    And it is under review of Ama and Bintou

  Rule: The shortlist comes after reviewing

    Example: The chair names a finalist
      Given the chair has closed reviewing
      When the chair shortlists Ama
      Then the shortlist is Ama

    Example: Reviewing is still open
      When the chair shortlists Ama
      Then this is refused as "reviewing not closed"

    Example: The latest list counts
      Given the chair has closed reviewing
      And the chair has shortlisted Ama
      When the chair shortlists Bintou
      Then the shortlist is Bintou

  Rule: Only eligible nominations are listed

    Example: A nomination was withdrawn
      Given the chair has closed reviewing
      And the nominator has withdrawn the nomination of Ama
      When the chair shortlists Ama
      Then this is refused as "nomination withdrawn"

  Rule: Only finalists go on

    Example: A finalist is reviewed at the next stage
      Given the final stage is open for Ama
      When the secretariat assigns Ama to Ravi at the final stage
      Then Ravi has Ama to review at the final stage

    Example: Another nomination is not
      Given the final stage is open for Ama
      When the secretariat assigns Bintou to Ravi at the final stage
      Then this is refused as "not shortlisted"
