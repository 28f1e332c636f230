Feature: Who may do what
  Each act belongs to a role, and the role must be held when it is done.

  Rule: What a role is not for, it may not do

    Scenario Outline: Beyond one's role
      Given an edition under review of Ama
      When <act>
      Then this is refused as "forbidden"

      Examples:
        | act                                       |
        | the nominator rules Ama eligible          |
        | the nominator closes the call             |
        | Ravi opens reviewing                      |
        | Ravi assigns Ama to Rosa                  |
        | the auditor assigns Ama to Ravi           |
        | the auditor nominates Bintou              |
        | the secretariat proposes the decision     |
        | the secretariat shortlists Ama            |
        | the chair nominates Bintou                |
        | the chair withdraws the nomination of Ama |
        | the approver cancels the edition          |

    Scenario Outline: Beyond one's role, later
      Given an edition whose decision is <state>
      When <act>
      Then this is refused as "forbidden"

      Examples:
        | state    | act                                   |
        | proposed | the chair approves the decision       |
        | proposed | the secretariat approves the decision |
        | approved | the approver announces the decision   |

  Rule: A role is held from being entered until it is left

    Example: A nominator who left
      Given an edition whose call is open
      And the nominator has left
      When the nominator nominates Ama
      Then this is refused as "forbidden"

    Example: A role is entered once
      Given an edition whose call is open
      When the secretariat enters the nominator as nominator again
      Then this is refused as "already holds role"

  Rule: Nominators read what is their own

    Example: Another nominator's case
      Given an edition whose call is open and Ama is nominated
      When another nominator reads the nomination of Ama
      Then this is refused as "not found"

    Example: One's own cases are listed
      Given an edition whose call is open and Ama is nominated
      And another nominator has nominated Bintou
      Then the nominator is shown the nominations of Ama
      And the secretariat is shown the nominations of Ama and Bintou
