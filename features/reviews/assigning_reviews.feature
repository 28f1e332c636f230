Feature: Assigning nominations to reviewers
  An assignment gives a nomination to a member of the panel who has no part in it.

  Rule: Nominations go to members of the panel

    Example: The chair assigns a nomination
      Given an edition under review of Ama
      When the chair assigns Ama to Ravi
      Then Ravi has Ama to review
      And the secretariat sees 0 of 1 reviews of Ama in

    Example: A nomination is assigned to a reviewer once
      Given an edition under review of Ama
      And Ama is assigned to Ravi
      When the chair assigns Ama to Ravi
      Then this is refused as "already assigned"

    Example: The reviewer is not on the panel
      Given an edition under review of Ama
      When the chair assigns Ama to the approver
      Then this is refused as "not on panel"

    Example: A chair with an assignment of their own still assigns
      Given an edition under review of Ama
      And Ama is assigned to the chair
      When the chair assigns Ama to Ravi
      Then Ravi has Ama to review

  Rule: Nobody reviews a nomination they have a part in

    Example: The nominator sits on the panel
      Given an edition under review of Ama
      And the nominator sits on the panel too
      When the chair assigns Ama to the nominator
      Then this is refused as "reviewer has interest"

  Rule: A reviewer may decline an assignment

    Example: A reviewer has no time
      Given an edition under review of Ama
      And Ama is assigned to Ravi
      When Ravi declines to review Ama for "no-time"
      Then the review of Ama by Ravi is declined

    Example: A declined assignment is not scored
      Given an edition under review of Ama
      And Ama is assigned to Ravi
      And Ravi has declined to review Ama
      When Ravi scores Ama
      Then this is refused as "review ended"
