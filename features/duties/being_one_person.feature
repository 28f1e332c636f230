Feature: Being one person
  Somebody may come in twice: as a nominator on paper, later as a reviewer by name. When that comes to light the
  secretariat records it, and from then on all her ids are one person, for earlier acts too.

  Background:
    Given an edition under review of Ama and Bintou
    And Ama is assigned to Ravi

  Rule: Nobody reviews a nomination in which she has a part under another name

    Example: The reviewer is the nominee
      Given Ravi gave Ama 5 and 5
      And Rosa gave Ama 3 and 3
      When the secretariat records that Ravi is Ama
      Then the review of Ama by Ravi is recused
      And the standing is
        | rank | nominee | total | reviews |
        | 1    | Ama     | 3     | 1       |

    Example: What was not finished is voided
      When the secretariat records that Ravi is Ama
      Then the review of Ama by Ravi is voided
      And the history ends with "review voided"

    Example: Nothing further is assigned
      Given the secretariat has recorded that Rosa is Bintou
      When the chair assigns Bintou to Rosa
      Then this is refused as "reviewer has interest"

    Example: The nominator is on the panel
      Given the secretariat has recorded that Rosa is the nominator
      When the chair assigns Ama to Rosa
      Then this is refused as "reviewer has interest"

  Rule: One person counts once

    Example: Two seats, two reviews
      Given Ravi gave Ama 5 and 5
      And Rosa gave Ama 1 and 1
      When the secretariat records that Rosa is Ravi
      Then the standing is
        | rank | nominee | total | reviews |
        | 1    | Ama     | 5     | 1       |

  Rule: What could not be given now is taken away

    Example: The chair nominated
      When the secretariat records that the chair is the nominator
      Then the chair is no longer on the panel
      And the history ends with "edition panel member discharged"

    Example: The reviewer is the auditor
      When the secretariat records that Ravi is the auditor
      Then Ravi is no longer on the panel
      And nobody acts as auditor

  Rule: It is recorded once, by the secretariat

    Example: Twice
      Given the secretariat has recorded that Ravi is Ama
      When the secretariat records that Ama is Ravi
      Then this is refused as "already linked"

    Example: Somebody else
      When the chair records that Ravi is Ama
      Then this is refused as "forbidden"

  Rule: A proposal that rests on what falls goes back

    Example: The winner's own score
      Given Ravi gave Ama 5 and 5
      And Rosa gave Bintou 4 and 4
      And the chair has closed reviewing
      And the chair has proposed the decision
      When the secretariat records that Ravi is Ama
      Then the decision is returned
      And the approver cannot approve it
