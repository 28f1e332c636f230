Feature: Proposing and approving
  A decision takes two people. The second may also send it back; then it is proposed anew.

  Background:
    Given an edition whose reviewing is closed with Ama before Bintou
    And the chair has proposed the decision

  Rule: The second person may send a proposal back

    Example: It is proposed anew by another
      Given a deputy sits on the panel
      And the approver has returned the decision for "reasons-unclear"
      When the deputy proposes the decision
      Then the decision is proposed
      And the decision tells that it was returned for "reasons-unclear"

    Example: What was returned is not approved
      Given the approver has returned the decision for "reasons-unclear"
      When the approver approves the decision
      Then this is refused as "not proposed"

    Example: What is approved is not returned
      Given the approver has approved the decision
      When the approver returns the decision for "reasons-unclear"
      Then this is refused as "already decided"

    Example: Until then the ground may change
      Given the approver has returned the decision for "reasons-unclear"
      When the secretariat withdraws the nomination of Ama
      Then the nomination of Ama is withdrawn

  Rule: The second person is another person

    Example: The chair as approver, under another name
      Given the secretariat has recorded that the approver is the chair
      When the approver returns the decision for "reasons-unclear"
      Then this is refused as "second person needed"

    Example: The approver stands in the category
      Given the secretariat has recorded that the approver is Bintou
      When the approver approves the decision
      Then this is refused as "closed to you"
