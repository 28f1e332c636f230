Feature: Recording past winners
  Editions that were run elsewhere are recorded from sources, with their winners; their rules are unknown.

  Rule: A past winner is on the roll as soon as it is recorded

    Example: A winner of 2016
      Given the past edition 2016, known from the source "press-release"
      When the secretariat records the winner Ama from the source "press-release"
      Then the public finds the winners Ama
      And the roll names the source "press-release" for Ama

    Example: Joint winners of 2019
      Given the past edition 2019, known from the source "press-release"
      And the secretariat has recorded the winner Ama from the source "press-release"
      When the secretariat records the winner Bintou from the source "press-release"
      Then the public finds the winners Ama and Bintou

    Example: Where sources differ, both are told
      Given the past edition 2016, known from the source "press-release"
      And the secretariat has recorded the winner Ama from the source "press-release"
      When the secretariat notes that the source "newspaper" gives the rank of Ama as "Colonel"
      Then the roll shows Ama as "Major"
      And the roll tells that the source "newspaper" differs from "Colonel"

  Rule: What was run elsewhere is not run here, and the other way round

    Example: A past edition has no call
      Given the past edition 2016, known from the source "press-release"
      When the secretariat opens the call
      Then this is refused as "edition from sources"

    Example: An edition with rules takes no winners from sources
      Given a planned edition
      When the secretariat records the winner Ama from the source "press-release"
      Then this is refused as "edition not from sources"

    Example: A winner is known from a source of the edition
      Given the past edition 2016, known from the source "press-release"
      When the secretariat records the winner Ama from the source "gossip"
      Then this is refused as "unknown source"

    Example: A past edition is recorded once
      Given the past edition 2016, known from the source "press-release"
      When the secretariat records the past edition 2016 from the source "newspaper"
      Then this is refused as "edition exists"
