Feature: Running the call
  The call invites nominations from its opening to its deadline. What counts is when a nomination arrives.

  Rule: Nominations land while the call is open

    Example: A nomination arrives in time
      Given an edition whose call is open
      When the nominator nominates Ama
      Then the edition has 1 nomination

    Example: A nomination arrives before the opening
      Given an edition whose call opens tomorrow
      When the nominator nominates Ama
      Then this is refused as "call not yet open"
      And the edition has 0 nominations

    Example: The edition says that its call is announced
      Given an edition whose call opens tomorrow
      Then the edition is call announced

  Rule: The deadline closes the call by itself

    Example: A nomination arrives late
      Given an edition whose deadline has passed
      When the nominator nominates Ama
      Then this is refused as "call closed"
      And the edition has 0 nominations
      And the edition is call closed

    # Service only: to arrive in the very last instant needs a clock that can be set.
    @service
    Example: The last instant before the deadline still counts
      Given an edition whose call is open
      When the nominator nominates Ama in the last instant before the deadline
      And the nominator nominates Bintou at the deadline
      Then this is refused as "call closed"
      And the edition has 1 nomination

  Rule: The deadline moves to a later moment only

    Example: An extension opens the call again
      Given an edition whose deadline has passed
      When the secretariat extends the call by a week
      And the nominator nominates Ama
      Then the edition has 1 nomination

    Example: A deadline is not moved forward
      Given an edition whose call is open
      When the secretariat moves the deadline a day forward
      Then this is refused as "deadline not later"

    Example: A call does not end before it begins
      Given a planned edition
      When the secretariat opens a call that ends before it begins
      Then this is refused as "deadline not later"

  Rule: A call that was closed early stays closed

    Example: The secretariat closes the call early
      Given an edition whose call is open
      When the secretariat closes the call
      Then the edition is call closed

    Example: A nomination arrives after the early close
      Given an edition whose call is closed
      When the nominator nominates Ama
      Then this is refused as "call closed"

    Example: An early close is not undone by an extension
      Given an edition whose call is closed
      When the secretariat extends the call by a week
      Then this is refused as "call closed"
