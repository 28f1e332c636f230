Feature: Endorsing a nomination
  An endorsement is a signed statement in support, made by whoever was sent a link to that nomination alone.

  Background:
    Given an edition whose call is open and Ama is nominated

  Rule: An endorser supports a nomination once

    Example: An endorser supports the nomination
      Given Elif was asked to endorse Ama
      When Elif endorses Ama
      Then the nomination of Ama is endorsed by Elif

    Example: The same endorser comes again
      Given Elif was asked to endorse Ama
      And Elif has endorsed Ama
      When Elif endorses Ama
      Then this is refused as "already endorsed"

    Example: A link is good for one nomination
      Given Elif was asked to endorse Ama
      And the nominator has nominated Bintou
      When Elif endorses Bintou
      Then this is refused as "not found"

    Example: A letter of support is entered by the secretariat
      When the secretariat endorses Ama on behalf of Farid
      Then the nomination of Ama is endorsed by Farid

  Rule: An endorsement can be taken back

    Example: The endorser changes their mind
      Given Elif was asked to endorse Ama
      And Elif has endorsed Ama
      When Elif takes the endorsement of Ama back
      Then the nomination of Ama is endorsed by nobody

    Example: There is nothing to take back
      Given Elif was asked to endorse Ama
      When Elif takes the endorsement of Ama back
      Then this is refused as "not endorsed"
