Feature: Deciding
  The count is exact: each review is the mean of its scores by weight, a nomination's total is the mean of its reviews.
  Impact weighs twice as much as initiative, and leads where totals are equal.

  Rule: The weighted mean ranks, in exact arithmetic

    Example: Three nominations, two reviewers
      Given an edition under review of Ama, Bintou and Chiara
      When the panel scores
        | reviewer | nominee | impact | initiative |
        | Ravi     | Ama     | 5      | 3          |
        | Rosa     | Ama     | 4      | 5          |
        | Ravi     | Bintou  | 4      | 4          |
        | Rosa     | Bintou  | 3      | 4          |
        | Ravi     | Chiara  | 2      | 5          |
      Then the standing is
        | rank | nominee | total | reviews |
        | 1    | Ama     | 13/3  | 2       |
        | 2    | Bintou  | 11/3  | 2       |
        | 3    | Chiara  | 3     | 1       |

    Example: The best is proposed
      Given an edition whose reviewing is closed with Ama before Bintou
      When the chair proposes the decision
      Then Ama is to win without a tie
      And the decision names its method, the log it rests on and what it counted

  Rule: The lead criterion breaks ties

    Example: Equal totals, more impact
      Given an edition under review of Ama and Bintou
      And the panel has scored
        | reviewer | nominee | impact | initiative |
        | Ravi     | Ama     | 4      | 3          |
        | Ravi     | Bintou  | 3      | 5          |
      And the chair has closed reviewing
      When the chair proposes the decision
      Then Ama is to win by the lead criterion

  Rule: What the ladder leaves equal wins jointly

    Example: Joint winners
      Given an edition whose reviewing is closed with Ama and Bintou equal
      When the chair proposes the decision
      Then Ama and Bintou are to win jointly

  Rule: Runners-up are named as far as the rules say

    Example: One runner-up
      Given a planned edition that names one runner-up
      And its reviewing is closed with Ama before Bintou
      When the chair proposes the decision
      Then Ama is to win without a tie
      And Bintou is to be runner-up

  Rule: A nomination with too few reviews has no place

    Example: Two reviews are needed, one is there
      Given a planned edition that asks for two reviews of each nomination
      And its reviewing is closed with one review of Ama
      When the chair proposes the decision
      Then this is refused as "nothing to decide"

  Rule: A decision takes two people

    Example: The approver agrees
      Given an edition whose decision is proposed
      When the approver approves the decision
      Then the decision is approved

    Example: The approver chairs the panel, too
      Given an edition whose reviewing is closed with Ama before Bintou
      And the approver has taken the chair
      And the chair has proposed the decision
      When the approver approves the decision
      Then this is refused as "second person needed"

  Rule: A category is decided once, and after reviewing

    Example: Reviewing is still open
      Given an edition under review of Ama
      When the chair proposes the decision
      Then this is refused as "reviewing not closed"

    Example: A proposal waits already
      Given an edition whose decision is proposed
      When the chair proposes the decision
      Then this is refused as "already proposed"

    Example: It is decided already
      Given an edition whose decision is approved
      When the chair proposes the decision
      Then this is refused as "already decided"
