Feature: Overriding the ranking
  The rule decides. People may name others, or nobody, never without a reason and a second person; what the rule gave
  stays beside it.

  Background:
    Given an edition whose reviewing is closed with Ama before Bintou

  Rule: An override needs a reason and a second person

    Example: Another one wins, for a reason
      Given the chair has proposed Bintou to win for "service-record-false"
      When the approver approves the decision
      Then the decision is approved
      And Bintou is to win although the ranking gave Ama, for "service-record-false"

    Example: No reason is given
      When the chair proposes Bintou to win without a reason
      Then this is refused as "reason missing"

    Example: A reason where nothing departs
      When the chair proposes Ama to win for "service-record-false"
      Then this is refused as "nothing departs"

    Example: One person proposes and approves
      Given the approver has taken the chair
      And the chair has proposed Bintou to win for "service-record-false"
      When the approver approves the decision
      Then this is refused as "second person needed"

  Rule: Only what counts at the stage can win

    Example: A withdrawn nomination
      Given the secretariat has withdrawn the nomination of Bintou
      When the chair proposes Bintou to win for "service-record-false"
      Then this is refused as "not a candidate"

  Rule: What departed is in the out-of-rank report

    Example: One decision, out of rank
      Given the chair has proposed Bintou to win for "service-record-false"
      And the approver has approved the decision
      Then the report counts 1 decision and 1 out of rank, none without a reason

    Example: One decision, as ranked
      Given the chair has proposed the decision
      And the approver has approved the decision
      Then the report counts 1 decision and 0 out of rank, none without a reason
