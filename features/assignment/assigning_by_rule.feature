Feature: Assigning by rule
  A plan says who should review what; it is looked at first, and recorded as it was shown, or not at all.

  Rule: A plan gives every nomination the reviews asked for, as evenly as can be

    Example: The panel shares the work
      Given an edition under review of Ama, Bintou and Chidi
      When the chair plans 2 reviews of each nomination
      Then the plan gives the panel 2, 2 and 2 reviews
      And nothing is assigned

    Example: What is assigned stays, and counts
      Given an edition under review of Ama, Bintou and Chidi
      And Ama is assigned to Ravi
      And Bintou is assigned to Ravi
      When the chair plans 1 review of each nomination
      Then the plan gives Chidi to Rosa or to the chair, and nothing else

    Example: The members do the work alone
      Given an edition under review of Ama and Bintou
      When the chair plans 1 review of each nomination by members
      Then the plan gives the panel 1 and 1 reviews

    Example: The panel is too small
      Given an edition under review of Ama
      When the chair plans 4 reviews of each nomination
      Then this is refused as "not enough reviewers"

    Example: Who only reviews does not plan
      Given an edition under review of Ama
      When Ravi plans 1 review of each nomination
      Then this is refused as "forbidden"

  Rule: Nobody is planned for what is closed to them

    Example: The nominator sits on the panel
      Given an edition under review of Ama
      And the nominator sits on the panel too
      When the chair plans 3 reviews of each nomination
      Then the plan gives Ama to Ravi, Rosa and the chair

    Example: A reviewer has declared a conflict of interest, another has declined
      Given an edition under review of Ama
      And Ama is assigned to Ravi and to Rosa
      And Ravi has declared a conflict over Ama
      And Rosa has declined to review Ama
      When the chair plans 1 review of each nomination
      Then the plan gives Ama to the chair

    Example: The chair is kept off a nomination
      Given an edition under review of Ama and Bintou
      And Ama is assigned to the chair
      And the chair has declared a conflict over Ama
      When the chair plans 1 review of each nomination
      Then the plan is about Bintou alone
      But the secretariat plans 1 review of Ama

  Rule: A plan is recorded whole, or not at all

    Example: It is recorded as it was shown
      Given an edition under review of Ama and Bintou
      And the chair has planned 2 reviews of each nomination
      When the chair records the plan
      Then what is assigned is the plan

    Example: A reviewer has left the panel since
      Given an edition under review of Ama and Bintou
      And the chair has planned 3 reviews of each nomination
      And Rosa has left the panel
      When the chair records the plan
      Then this is refused as "not on panel"
      And nothing is assigned

    Example: Somebody else has assigned since
      Given an edition under review of Ama and Bintou
      And the chair has planned 1 review of each nomination
      And the plan is recorded by the secretariat
      When the chair records the plan
      Then this is refused as "plan outdated"

    Example: A chair who is kept off a nomination records nothing about it
      Given an edition under review of Ama and Bintou
      And Ama is assigned to the chair
      And the chair has declared a conflict over Ama
      And the secretariat has planned 1 review of each nomination
      When the chair records the plan
      Then this is refused as "not found"
