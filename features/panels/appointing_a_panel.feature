Feature: Appointing a panel
  Each stage has a panel: members who score, a chair who runs it, a deputy for where the chair is recused.

  Rule: A panel has members, one chair and one deputy

    Example: A panel is appointed
      Given a planned edition
      When the secretariat appoints Ravi as member, Rosa as deputy and Chen as chair
      Then the panel is Ravi as member, Rosa as deputy and Chen as chair

    Example: The chair is taken
      Given a planned edition
      And the secretariat has appointed Chen as chair
      When the secretariat appoints Rosa as chair
      Then this is refused as "seat taken"

    Example: Nobody sits twice on a panel
      Given a planned edition
      And the secretariat has appointed Ravi as member
      When the secretariat appoints Ravi as deputy
      Then this is refused as "already on panel"

    Example: A panel belongs to a stage of the rules
      Given a planned edition
      When the secretariat appoints Ravi as member of a stage nobody planned
      Then this is refused as "unknown stage"

  Rule: Some roles are never held together

    Example: The auditor is to sit on the panel
      Given a planned edition
      When the auditor is appointed to the panel as well
      Then this is refused as "roles incompatible"

    Example: The secretariat appoints itself
      Given a planned edition
      When the secretariat is appointed to the panel as well
      Then this is refused as "self appointment"

  Rule: Who is discharged scores no more

    Example: A member is discharged
      Given an edition under review of Ama
      And Ama is assigned to Ravi
      And the secretariat has discharged Ravi
      When Ravi scores Ama
      Then this is refused as "not found"

    Example: Somebody who is not on the panel cannot be discharged
      Given an edition under review of Ama
      When the secretariat discharges the nominator
      Then this is refused as "not on panel"

  Rule: Reviewing needs a panel of at least the quorum

    Example: The panel is too small
      Given a planned edition that asks for a quorum of three
      And its call is open
      And the secretariat has appointed Ravi as member
      And the secretariat has closed the call
      When the secretariat opens reviewing
      Then this is refused as "panel too small"
