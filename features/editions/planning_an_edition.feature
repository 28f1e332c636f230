Feature: Planning an edition
  An edition is one run of an award. It carries its own rules: categories, stages, rubric, consent, what is published.

  Rule: An edition keeps the rules it was planned with

    Example: The secretariat plans an edition
      Given an award
      When the secretariat plans an edition
      Then the edition is planned
      And its rules name the criteria "impact" and "initiative"

    Example: A change of the award leaves the edition alone
      Given a planned edition
      When the secretariat renames the award "Something Else"
      Then its rules name the criteria "impact" and "initiative"

  Rule: A label is given to one edition of an award

    Example: A second edition of the same year
      Given a planned edition
      When the secretariat plans an edition
      Then this is refused as "edition exists"

  Rule: Rules that no edition could be run by are refused

    Scenario Outline: Rules with a flaw
      Given an award
      When the secretariat plans an edition <with a flaw>
      Then this is refused as "<refusal>"

      Examples:
        | with a flaw                             | refusal        |
        | with two stages of the same name        | invalid rules  |
        | with two categories of the same name    | invalid rules  |
        | with two lead criteria                  | invalid rules  |
        | with a scale that ends before it begins | invalid rules  |
        | with ties broken in an impossible order | invalid rules  |
        | with a method that nobody knows         | unknown method |

  Rule: A cancelled edition goes no further

    Example: The edition is cancelled
      Given a planned edition
      When the secretariat cancels the edition
      Then the edition is cancelled

    Example: No call is opened any more
      Given a planned edition
      And the secretariat has cancelled the edition
      When the secretariat opens the call
      Then this is refused as "edition cancelled"
