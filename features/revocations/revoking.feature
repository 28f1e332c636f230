Feature: Revoking an award
  Taking an award away takes two people and a reason. The history stays, and the roll says so.

  Background:
    Given an edition whose decision is announced

  Rule: One proposes, another revokes

    Example: The award is taken away
      Given the secretariat has proposed to revoke the award of Ama for "false-statement"
      When the approver revokes the award of Ama
      Then the roll shows Ama as revoked

    Example: A proposal changes nothing yet
      When the secretariat proposes to revoke the award of Ama for "false-statement"
      Then the roll shows Ama as not revoked

    Example: Nothing was proposed
      When the approver revokes the award of Ama
      Then this is refused as "revocation not proposed"

    Example: The secretariat cannot do it alone
      Given the secretariat has proposed to revoke the award of Ama for "false-statement"
      When the secretariat revokes the award of Ama
      Then this is refused as "forbidden"

    Example: The approver chairs the panel, too
      Given the approver has taken the chair
      And the chair has proposed to revoke the award of Ama for "false-statement"
      When the approver revokes the award of Ama
      Then this is refused as "second person needed"

  Rule: An award is revoked once

    Example: A second proposal
      Given the secretariat has proposed to revoke the award of Ama for "false-statement"
      When the secretariat proposes to revoke the award of Ama for "another-reason"
      Then this is refused as "revocation already proposed"

    Example: A second revocation
      Given the secretariat has proposed to revoke the award of Ama for "false-statement"
      And the approver has revoked the award of Ama
      When the approver revokes the award of Ama
      Then this is refused as "already revoked"

    Example: What was revoked is not conferred
      Given the secretariat has proposed to revoke the award of Ama for "false-statement"
      And the approver has revoked the award of Ama
      When the award is conferred upon Ama
      Then this is refused as "already revoked"
