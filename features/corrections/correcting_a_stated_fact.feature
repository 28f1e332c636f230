Feature: Correcting a stated fact
  A correction tells which value of a fact stands and which other one a source gives. Nothing is overwritten.

  Rule: The roll shows what stands, with its rival and its source

    Example: A rank was wrong
      Given an edition whose decision is announced
      When the secretariat corrects the rank of Ama to "Captain" by the source "press-release"
      Then the roll shows Ama as "Captain"
      And the roll tells that the source "press-release" differs from "Major"

    Example: What stood before stays, though a source differs
      Given an edition whose decision is announced
      When the secretariat notes that the source "newspaper" gives the rank of Ama as "Colonel"
      Then the roll shows Ama as "Major"
      And the roll tells that the source "newspaper" differs from "Colonel"

  Rule: A correction is about a winner who was announced

    Example: Somebody who did not win
      Given an edition whose decision is announced
      When the secretariat corrects the rank of somebody who did not win
      Then this is refused as "no such winner"

    Example: Nothing is announced yet
      Given an edition whose decision is approved
      When the secretariat corrects the year of the decision
      Then this is refused as "not announced"
