Feature: Coming in
  People come in by one-time codes, for roles they hold, and are out on the next request when they hold them no longer.

  Rule: A one-time code is good once

    Example: A code becomes a token
      Given an edition whose call is open
      And Nadia, a nominator, is invited
      When Nadia redeems the code
      And Nadia nominates Ama
      Then the edition has 1 nomination

    Example: A code is used a second time
      Given an edition whose call is open
      And Nadia, a nominator, is invited
      And Nadia has redeemed the code
      When somebody redeems the code of Nadia
      Then this is refused as "code not valid"

    Example: A code is taken back
      Given an edition whose call is open
      And Nadia, a nominator, is invited
      And the secretariat has taken the invitation of Nadia back
      When Nadia redeems the code
      Then this is refused as "code not valid"

    Example: A code for a role that was left
      Given an edition whose call is open
      And Nadia, a nominator, is invited
      And Nadia has left
      When Nadia redeems the code
      Then this is refused as "role not held"

  Rule: What is taken back is gone on the next request

    Example: An account that is ended
      Given an edition whose call is open
      And Sol is a secretariat of the award
      And the secretariat has ended the account of Sol
      When Sol closes the call
      Then this is refused as "unauthenticated"

    Example: A role that is taken back
      Given an edition whose call is open
      And Sol is a secretariat of the award
      And the secretariat has taken the role of Sol back
      When Sol closes the call
      Then this is refused as "forbidden"

  Rule: Nobody manages herself, nor beyond her award

    Example: One's own account
      Given an edition whose call is open
      And Sol is a secretariat of the award
      When Sol ends the account of Sol
      Then this is refused as "own account"

    Example: A role for oneself
      Given an edition whose call is open
      And Sol is a secretariat of the award
      When Sol makes Sol an approver of the award
      Then this is refused as "self appointment"

    Example: An account that reaches further
      Given an edition whose call is open
      And Sol is a secretariat of the award
      When Sol ends the account of the secretariat
      Then this is refused as "beyond your reach"

    Example: An invitation for somebody who reaches further
      Given an edition whose call is open
      And Sol is a secretariat of the award
      When Sol invites the secretariat
      Then this is refused as "beyond your reach"
