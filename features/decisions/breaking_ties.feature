Feature: Breaking ties
  The rules fix a ladder before the first nomination. A tie climbs it rung by rung until one of them tells the tied apart;
  the decision records which one did. Impact weighs twice as much as initiative, so the total of a review is two thirds
  impact and one third initiative.

  Rule: Head to head, who is preferred by more of those who scored both comes first

    Example: Two of three prefer Bintou, the third prefers Ama by more
      Given a planned edition that breaks ties head to head
      And it is under review of Ama and Bintou
      And the secretariat has appointed Rita as member
      And the panel has scored
        | reviewer | nominee | impact | initiative |
        | Ravi     | Ama     | 3      | 3          |
        | Ravi     | Bintou  | 4      | 4          |
        | Rosa     | Ama     | 3      | 3          |
        | Rosa     | Bintou  | 4      | 4          |
        | Rita     | Ama     | 5      | 5          |
        | Rita     | Bintou  | 3      | 3          |
      And the chair has closed reviewing
      When the chair proposes the decision
      Then Bintou is to win by head to head

    Example: One each, and what stays equal climbs on
      Given a planned edition that breaks ties head to head
      And it is under review of Ama and Bintou
      And the panel has scored
        | reviewer | nominee | impact | initiative |
        | Ravi     | Ama     | 3      | 3          |
        | Ravi     | Bintou  | 4      | 4          |
        | Rosa     | Ama     | 4      | 4          |
        | Rosa     | Bintou  | 3      | 3          |
      And the chair has closed reviewing
      When the chair proposes the decision
      Then Ama and Bintou are to win jointly

  Rule: The higher median of the totals comes first

    Example: One low score costs Ama the mean, and not the median
      Given a planned edition that breaks ties by the median
      And it is under review of Ama and Bintou
      And the secretariat has appointed Rita as member
      And the panel has scored
        | reviewer | nominee | impact | initiative |
        | Ravi     | Ama     | 5      | 5          |
        | Rosa     | Ama     | 5      | 5          |
        | Rita     | Ama     | 2      | 2          |
        | Ravi     | Bintou  | 4      | 4          |
        | Rosa     | Bintou  | 4      | 4          |
        | Rita     | Bintou  | 4      | 4          |
      And the chair has closed reviewing
      When the chair proposes the decision
      Then Ama is to win by the median

  Rule: The one on whom the panel disagrees least comes first

    Example: The panel is of one mind on Bintou
      Given a planned edition that breaks ties by least disagreement
      And it is under review of Ama and Bintou
      And the panel has scored
        | reviewer | nominee | impact | initiative |
        | Ravi     | Ama     | 5      | 5          |
        | Rosa     | Ama     | 3      | 3          |
        | Ravi     | Bintou  | 4      | 4          |
        | Rosa     | Bintou  | 4      | 4          |
      And the chair has closed reviewing
      When the chair proposes the decision
      Then Bintou is to win by least disagreement

    Example: A single review knows no disagreement
      Given a planned edition that breaks ties by least disagreement
      And it is under review of Ama and Bintou
      And the panel has scored
        | reviewer | nominee | impact | initiative |
        | Ravi     | Ama     | 4      | 4          |
        | Ravi     | Bintou  | 4      | 4          |
      And the chair has closed reviewing
      When the chair proposes the decision
      Then Ama and Bintou are to win jointly

  Rule: The rungs are asked in the order of the rules

    Example: Head to head leaves them equal, and the median does not
      Given a planned edition that breaks ties head to head and then by the median
      And it is under review of Ama and Bintou
      And the secretariat has appointed Rita as member
      And the panel has scored
        | reviewer | nominee | impact | initiative |
        | Ravi     | Ama     | 5      | 5          |
        | Ravi     | Bintou  | 4      | 4          |
        | Rosa     | Ama     | 3      | 3          |
        | Rosa     | Bintou  | 4      | 4          |
        | Rita     | Ama     | 1      | 1          |
        | Rita     | Bintou  | 1      | 1          |
      And the chair has closed reviewing
      When the chair proposes the decision
      Then Bintou is to win by the median

  Rule: The lot is drawn with a seed that the rules committed to before anybody was nominated

    Example: Nothing but the lot tells them apart
      Given a planned edition that breaks ties by the lot
      And it is under review of Ama and Bintou
      And Ravi gave Ama 4 and 4
      And Ravi gave Bintou 4 and 4
      And the chair has closed reviewing
      When the chair proposes the decision
      Then one of Ama and Bintou is to win by the lot
      And the lot can be drawn again from what the decision tells
      And the commitment to the seed stood in the rules from the beginning
