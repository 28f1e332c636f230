Feature: Nominating
  A nomination is the case for one nominee, put forward by a nominator with a statement.

  Rule: A nomination says who is put forward, and why

    Example: A nominator puts a person forward
      Given an edition whose call is open
      When the nominator nominates Ama for "leading the first mixed patrols"
      Then the secretariat reads the nomination of Ama for "leading the first mixed patrols"
      And the nomination of Ama is submitted

    Example: A team is put forward with its members
      Given an edition whose call is open
      When the nominator nominates the team Engagement with Ama and Bintou
      Then the nomination of Engagement names Ama and Bintou

    Example: Only a team has members
      Given an edition whose call is open
      When the nominator nominates a person with members
      Then this is refused as "nominee kind mismatch"

    Example: A category must be one of the edition's
      Given an edition whose call is open
      When the nominator nominates Ama in a category nobody planned
      Then this is refused as "unknown category"

  Rule: The secretariat enters what came on paper on the nominator's behalf

    Example: A letter is entered
      Given an edition whose call is open
      When the secretariat nominates Ama on behalf of Diop
      Then the nominator of Ama is told as Diop
      And the history tells that the secretariat acted on behalf of Diop

    Example: Nobody else writes for another
      Given an edition whose call is open
      When the nominator nominates Ama on behalf of Diop
      Then this is refused as "on behalf only"

  Rule: A nomination is amended as it was read, while the call is open

    Example: The nominator improves the statement
      Given an edition whose call is open and Ama is nominated
      When the nominator amends the nomination of Ama to "two years of patrols"
      Then the secretariat reads the nomination of Ama for "two years of patrols"

    Example: Two amendments cross
      Given an edition whose call is open and Ama is nominated
      And two people have read the nomination of Ama
      When one of them amends it to "the first" and then the other to "the second"
      Then this is refused as "stale"
      And the secretariat reads the nomination of Ama for "the first"

    Example: After the call nothing is amended
      Given an edition whose call is open and Ama is nominated
      And the secretariat has closed the call
      When the nominator amends the nomination of Ama to "two years of patrols"
      Then this is refused as "call closed"

  Rule: Nobody puts themselves forward, unless the rules allow it

    Example: A self-nomination where the rules are silent
      Given an edition whose call is open
      When the nominator nominates the nominator
      Then this is refused as "self nomination"

    Example: A self-nomination where the rules allow it
      Given a planned edition that allows self-nomination
      And its call is open
      When the nominator nominates the nominator
      Then the edition has 1 nomination

  Rule: A nomination can be withdrawn; it stays on file

    Example: The nominator withdraws the nomination
      Given an edition whose call is open and Ama is nominated
      When the nominator withdraws the nomination of Ama
      Then the nomination of Ama is withdrawn
      And the edition has 1 nomination

    Example: A withdrawn nomination is not amended
      Given an edition whose call is open and Ama is nominated
      And the nominator has withdrawn the nomination of Ama
      When the nominator amends the nomination of Ama to "two years of patrols"
      Then this is refused as "nomination withdrawn"

    Example: Nothing is withdrawn while a decision waits for its second person
      Given an edition whose decision is proposed
      When the nominator withdraws the nomination of Ama
      Then this is refused as "already proposed"
