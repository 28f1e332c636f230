Feature: Answering a nomination
  The nominee accepts or declines to stand, by a link to that nomination or by a word to the secretariat.

  Rule: Where the rules ask for consent, the nominee is asked

    Example: The nominee accepts
      Given an edition whose call is open and Ama is nominated
      When Ama accepts
      Then the nomination of Ama is accepted

    Example: The nominee declines
      Given an edition whose call is open and Ama is nominated
      When Ama declines because "my team did this"
      Then the nomination of Ama is declined
      And the secretariat reads that Ama declined because "my team did this"

    Example: The nominee writes to the secretariat instead
      Given an edition whose call is open and Ama is nominated
      When the secretariat enters that Ama accepts
      Then the nomination of Ama is accepted

    Example: An answer is given once
      Given an edition whose call is open and Ama is nominated
      And Ama has declined
      When Ama accepts
      Then this is refused as "already answered"

  Rule: Where the rules say so, the nominee is not told

    Example: Nobody asked the nominee
      Given a planned edition that does not tell nominees
      And its call is open
      And the nominator has nominated Ama
      When the secretariat enters that Ama accepts
      Then this is refused as "nominee not asked"

  Rule: The nominee learns nothing about the case

    Example: The nominee reads the nomination
      Given an edition whose call is open and Ama is nominated
      When Ama reads the own nomination
      Then neither the statement nor the nominator is told
