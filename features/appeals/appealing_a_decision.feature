Feature: Appealing a decision
  What two people decided, two people undo: who appeals, and the approver who upholds. Before the announcement the
  decision is then reopened; after it nothing is undone, but corrected or revoked.

  Rule: Upheld before the announcement, a decision is reopened and made anew

    Example: The decision goes back to the panel
      Given an edition whose decision is approved
      And Ravi has appealed the decision
      When the approver upholds the appeal of the decision
      Then the decision is reopened

    Example: The reopened round
      Given an edition whose decision was reopened on appeal
      And the chair has reopened reviewing for "appeal-upheld"
      And Rosa gave Bintou 5 and 5
      And Rosa gave Ama 3 and 3
      And the chair has closed reviewing
      When the chair proposes the decision
      Then Bintou is to win where Ama had been decided upon

  Rule: Who appealed does not decide, and who decided does not dismiss

    Example: The approver would dismiss what is said against her own approval
      Given an edition whose decision is approved
      And Ravi has appealed the decision
      When the approver dismisses the appeal of the decision
      Then this is refused as "own appeal"

    Example: The chair has no say
      Given an edition whose decision is approved
      And Ravi has appealed the decision
      When the chair upholds the appeal of the decision
      Then this is refused as "forbidden"

  Rule: Nothing is announced over an open appeal

    Example: The announcement waits
      Given an edition whose decision is approved
      And Ravi has appealed the decision
      When the secretariat announces the decision
      Then this is refused as "appeal open"

  Rule: After the announcement an upheld appeal is on the record, and the award stands until it is revoked

    Example: The roll is as it was
      Given an edition whose decision is announced
      And Ravi has appealed the decision
      When the approver upholds the appeal of the decision
      Then the decision is announced
      And the public finds the winners Ama
