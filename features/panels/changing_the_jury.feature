Feature: Changing the jury mid-round
  Jurors fall ill, come late, or turn out to be too few. The jury changes while it reviews: no finished review is lost,
  and each step stands in the log with its reason.

  Background:
    Given an edition under review of Ama and Bintou
    And Ravi gave Ama 5 and 5
    And Bintou is assigned to Ravi

  Rule: Who leaves takes nothing finished along

    Example: A juror leaves
      When the secretariat discharges Ravi
      Then the review of Ama by Ravi is submitted
      And the review of Bintou by Ravi is voided
      And the standing is
        | rank | nominee | total | reviews |
        | 1    | Ama     | 5     | 1       |

    Example: A juror comes back
      Given the secretariat has discharged Ravi
      And Ravi is a member again
      When the chair assigns Bintou to Ravi
      Then the review of Bintou by Ravi is assigned

  Rule: A juror may come late

    Example: One more reviews with the others
      Given the secretariat has appointed Rita as member
      And Rita gave Ama 3 and 3
      Then the standing is
        | rank | nominee | total | reviews |
        | 1    | Ama     | 4     | 2       |

  Rule: A replacement takes over what is unfinished

    Example: Another takes the seat
      When the secretariat replaces Ravi by Rita
      Then Rita has Bintou to review
      And the review of Ama by Ravi is submitted

    Example: Not what she must not judge
      When the secretariat replaces Ravi by Bintou
      Then Bintou has nothing to review

    Example: Nobody who sits already
      When the secretariat replaces Ravi by Rosa
      Then this is refused as "already on panel"

  Rule: What a stage asks for may change, for a reason

    Example: More reviews are asked for mid-round
      Given Ravi gave Bintou 2 and 2
      And Rosa gave Bintou 4 and 4
      When the secretariat asks for 2 reviews of each nomination for "more-eyes"
      Then the standing is
        | rank | nominee | total | reviews |
        | 1    | Bintou  | 3     | 2       |
      And the rules tell that this was for "more-eyes"
      And the history ends with "edition rules changed"

    Example: The quorum is lowered for those who are left
      Given the secretariat has asked for a quorum of 4 for "more-eyes"
      And the chair has closed reviewing
      When the secretariat reopens reviewing for "late-juror"
      Then this is refused as "panel too small"

    Example: Not under a proposal
      Given the chair has closed reviewing
      And the chair has proposed the decision
      When the secretariat asks for 2 reviews of each nomination for "more-eyes"
      Then this is refused as "already proposed"

    Example: Not without a change
      When the secretariat asks for 1 review of each nomination for "more-eyes"
      Then this is refused as "nothing changes"

  Rule: Reopening keeps what is finished

    Example: A round is reopened for a late juror
      Given the chair has closed reviewing
      And the secretariat has reopened reviewing for "late-juror"
      And Rosa gave Ama 3 and 3
      When the chair closes reviewing
      Then the standing is
        | rank | nominee | total | reviews |
        | 1    | Ama     | 4     | 2       |
