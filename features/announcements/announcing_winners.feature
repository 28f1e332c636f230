Feature: Announcing winners
  An approved decision is announced with a citation for each winner, at once or when an embargo ends.

  Rule: The announcement makes the winners public

    Example: The winner is announced
      Given an edition whose decision is approved
      When the secretariat announces Ama "for two years of patrols"
      Then the public finds the winner Ama "for two years of patrols"

    Example: The public learns no more than what is published
      Given an edition whose decision is announced
      Then the public finds the rank, country and mission of Ama
      And nothing tells the public her unit, the statement or the scores

    Example: Joint winners are announced together
      Given an edition with joint winners Ama and Bintou
      When the secretariat announces the decision
      Then the public finds the winners Ama and Bintou

    Example: Runners-up are listed apart
      Given a planned edition that names one runner-up
      And its decision is announced
      Then the public finds the winners Ama
      And the public finds the runner-up Bintou

  Rule: Nothing is public before the embargo ends

    Example: The embargo lasts
      Given an edition whose decision is approved
      When the secretariat announces the decision under an embargo of a week
      Then the public finds no winner
      And the decision is announced

    Example: The embargo ends
      Given an edition whose decision is approved
      And the secretariat has announced the decision under an embargo that has ended since
      Then the public finds the winners Ama

    Example: An embargo lies ahead
      Given an edition whose decision is approved
      When the secretariat announces the decision under an embargo that ended yesterday
      Then this is refused as "embargo not later"

  Rule: Each winner has a citation

    Example: A joint winner is forgotten
      Given an edition with joint winners Ama and Bintou
      When the secretariat announces Ama "for two years of patrols"
      Then this is refused as "citation missing"
      And the public finds no winner

  Rule: An approved decision is announced once

    Example: Announced again
      Given an edition whose decision is announced
      When the secretariat announces the decision
      Then this is refused as "already announced"

    Example: Not approved yet
      Given an edition whose decision is proposed
      When the secretariat announces the decision
      Then this is refused as "not approved"
