Feature: Scoring
  A review gives one score to each criterion of the rubric, with a comment.

  Background:
    Given an edition under review of Ama
    And Ama is assigned to Ravi and to Rosa

  Rule: A review answers the whole rubric, within its scale

    Example: A reviewer scores a nomination
      When Ravi scores Ama 5 for impact and 4 for initiative, commenting "steady"
      Then the review of Ama by Ravi is submitted
      And the secretariat reads 5 for impact, 4 for initiative and "steady" by Ravi on Ama
      And the secretariat sees 1 of 2 reviews of Ama in

    Scenario Outline: Scores that do not fit
      When Ravi scores Ama <scores>
      Then this is refused as "<refusal>"

      Examples:
        | scores                            | refusal            |
        | 5 for impact                      | scores incomplete  |
        | 5 for impact and 4 for wit        | scores incomplete  |
        | 6 for impact and 4 for initiative | score out of scale |
        | 5 for impact and 0 for initiative | score out of scale |

  Rule: A reviewer revises the own scores while reviewing is open; the log keeps both

    Example: Second thoughts
      Given Ravi gave Ama 1 and 1
      When Ravi scores Ama 3 for impact and 3 for initiative
      Then the standing is
        | rank | nominee | total | reviews |
        | 1    | Ama     | 3     | 1       |
      And the history of the review of Ama by Ravi is "assigned", "submitted", "revised"

    Example: Scores given over an older reading
      Given Ravi has read the own review of Ama
      And Ravi gave Ama 1 and 1
      When Ravi scores Ama over that older reading
      Then this is refused as "stale"

    Example: Reviewing is closed
      Given Ravi gave Ama 1 and 1
      And the chair has closed reviewing
      When Ravi scores Ama
      Then this is refused as "reviewing not open"

    Example: Reviewing is opened again for a reason
      Given the chair has closed reviewing
      And the chair has reopened reviewing for "scores-were-missing"
      When Ravi scores Ama
      Then the review of Ama by Ravi is submitted

  Rule: Nobody scores for another

    Scenario Outline: Somebody else's review
      When <somebody> scores Ama in place of Ravi
      Then this is refused as "forbidden"

      Examples:
        | somebody        |
        | the chair       |
        | the secretariat |
