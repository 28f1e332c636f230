Feature: Keeping roles apart
  Who judges has no part in what is judged; who reads everything changes nothing. What somebody ever held or did in the
  edition counts, also when she is appointed late.

  Rule: An auditor has no other part in the edition, before or after

    Scenario Outline: Too late to audit
      Given an edition under review of Ama
      When <somebody> enters as auditor
      Then this is refused as "roles incompatible"

      Examples:
        | somebody      |
        | the nominator |
        | Ravi          |
        | Ama           |

    Example: A former auditor
      Given a planned edition
      And the auditor has left
      When the auditor enters as approver
      Then this is refused as "roles incompatible"

    Example: An auditor is put forward
      Given an edition whose call is open
      When the nominator nominates the auditor
      Then this is refused as "roles incompatible"

  Rule: Whoever nominated does not lead the panel, and who leads it nominates nobody

    Example: A nominator is to take the chair
      Given an edition under review of Ama
      And the secretariat has discharged the chair
      When the secretariat appoints the nominator as chair
      Then this is refused as "roles incompatible"

    Example: A nominator may be a member
      Given an edition under review of Ama
      When the secretariat appoints the nominator as member
      And the chair assigns Ama to the nominator
      Then this is refused as "reviewer has interest"

    Example: The chair has somebody in mind
      Given an edition whose call is open
      And the secretariat has appointed the nominator as chair
      When the nominator nominates Ama
      Then this is refused as "roles incompatible"

  Rule: Nobody gives herself a role

    Example: The secretariat
      Given a planned edition
      When the secretariat enters as approver
      Then this is refused as "self appointment"
