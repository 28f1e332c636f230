Feature: Conferring the award
  The award is formally given on an occasion: where, when, by whom.

  Rule: A conferral is told on the roll of honour

    Example: The award is given
      Given an edition whose decision is announced
      When the award is conferred in Vancouver on 2017-11-15 by the Under-Secretary
      Then the roll tells that Ama received it in Vancouver on 2017-11-15 by the Under-Secretary

    Example: One of two winners receives it
      Given an edition with joint winners Ama and Bintou
      And the secretariat has announced the decision
      When the award is conferred upon Ama
      Then the roll tells that Ama received it
      And the roll does not tell that Bintou received it

  Rule: A winner receives the award once, and in public

    Example: Conferred again
      Given an edition whose decision is announced
      And the award was conferred upon Ama
      When the award is conferred upon Ama
      Then this is refused as "already conferred"

    Example: The decision is not announced
      Given an edition whose decision is approved
      When the award is conferred
      Then this is refused as "not announced"

    Example: The embargo lasts
      Given an edition whose decision is approved
      And the secretariat has announced the decision under an embargo of a week
      When the award is conferred
      Then this is refused as "embargo not over"
