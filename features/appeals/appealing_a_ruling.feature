Feature: Appealing a ruling
  A ruling that a nomination is ineligible can be contested once. Somebody else upholds or dismisses the appeal, for a
  reason. Upheld, it reverses the ruling by itself; both stay in the history.

  Background:
    Given an edition under review of Ama, where Bintou was ruled ineligible

  Rule: The nominator, the nominee or the secretariat for one of them appeals, once

    Example: The nominator appeals
      When the nominator appeals the ruling on Bintou
      Then the appeal of the ruling on Bintou is open

    Example: The nominee appeals by link
      When Bintou appeals the ruling on Bintou
      Then the appeal of the ruling on Bintou is open

    Example: A dismissed appeal is not made again
      Given the nominator has appealed the ruling on Bintou
      And the approver has dismissed the appeal of the ruling on Bintou
      When the nominator appeals the ruling on Bintou
      Then this is refused as "already appealed"

    Example: There is no such ruling
      When the nominator appeals the ruling on Ama
      Then this is refused as "nothing to appeal"

  Rule: Upheld, the nomination is eligible

    Example: The ruling falls
      Given the nominator has appealed the ruling on Bintou
      When the approver upholds the appeal of the ruling on Bintou
      Then the nomination of Bintou is eligible
      And the history ends with "nomination appeal decided"

    Example: The ruling stands
      Given the nominator has appealed the ruling on Bintou
      When the approver dismisses the appeal of the ruling on Bintou
      Then the nomination of Bintou is ineligible

  Rule: Nothing is decided over an open appeal, nor before the panel could judge what came back

    Example: An appeal is open
      Given the nominator has appealed the ruling on Bintou
      And the chair has closed reviewing
      When the chair proposes the decision
      Then this is refused as "appeal open"

    Example: Reviewing was over when the ruling fell
      Given the chair has closed reviewing
      And the nominator has appealed the ruling on Bintou
      And the approver has upheld the appeal of the ruling on Bintou
      When the chair proposes the decision
      Then this is refused as "reviewing not reopened"
