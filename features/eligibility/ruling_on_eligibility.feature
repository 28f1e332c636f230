Feature: Ruling on eligibility
  Every nomination is ruled eligible or ineligible, by a rule and for a reason. The ruling is a fact that stays.

  Rule: A ruling names its rule and its reason

    Example: A nomination is eligible
      Given an edition whose call is open and Ama is nominated
      When the secretariat rules Ama eligible
      Then the nomination of Ama is eligible

    Example: A nomination is ineligible
      Given an edition whose call is open and Ama is nominated
      When the secretariat rules Ama ineligible by the rule "served-in-mission" for "left-before-period"
      Then the nomination of Ama is ineligible
      And the ruling on Ama names the rule "served-in-mission" and the reason "left-before-period"

    Example: A nomination is ruled upon once
      Given an edition whose call is open and Ama is nominated
      And the secretariat has ruled Ama eligible
      When the secretariat rules Ama ineligible by the rule "served-in-mission" for "left-before-period"
      Then this is refused as "already ruled"

  Rule: Where the rules require consent, nobody is eligible without it

    Example: The nominee has not answered
      Given a planned edition that requires the nominee's consent
      And its call is open
      And the nominator has nominated Ama
      When the secretariat rules Ama eligible
      Then this is refused as "consent missing"

    Example: The nominee has accepted
      Given a planned edition that requires the nominee's consent
      And its call is open
      And the nominator has nominated Ama
      And Ama has accepted
      When the secretariat rules Ama eligible
      Then the nomination of Ama is eligible

  Rule: Only what is eligible and still stands goes to reviewers

    Example: An ineligible nomination is not assigned
      Given an edition under review of Ama, where Bintou was ruled ineligible
      When the chair assigns Bintou to Ravi
      Then this is refused as "not ruled eligible"

    Example: A nominee who declined is not ruled upon
      Given an edition whose call is open and Ama is nominated
      And Ama has declined
      When the secretariat rules Ama eligible
      Then this is refused as "nomination declined"
