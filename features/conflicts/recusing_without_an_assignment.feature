Feature: Recusing without an assignment
  A conflict is no matter of assignments: whoever has a seat may declare one with any nomination, and whoever runs the
  panel may keep somebody off it, before anything is assigned.

  Background:
    Given an edition under review of Ama and Bintou

  Rule: Whoever has a seat may declare a conflict

    Example: The chair, who reviews nothing, declares a conflict
      When the chair declares beforehand a conflict over Ama for "family-tie"
      Then the history ends with "review recused"

    Example: The chair no longer assigns the nomination
      Given the chair has declared beforehand a conflict over Ama
      When the chair assigns Ama to Ravi
      Then this is refused as "not found"

    Example: Nothing is assigned afterwards
      Given Ravi has declared beforehand a conflict over Ama
      When the secretariat assigns Ama to Ravi
      Then this is refused as "already recused"

    Example: Other nominations are not touched
      Given Ravi has declared beforehand a conflict over Ama
      When the chair assigns Bintou to Ravi
      Then Ravi has Bintou to review

  Rule: Whoever runs the panel may keep somebody off a nomination

    Scenario Outline: Somebody is kept off
      When <somebody> keeps Ravi off Ama for "same-unit"
      Then the history ends with "review recused"

      Examples:
        | somebody        |
        | the chair       |
        | the secretariat |

    Example: A reviewer keeps nobody off
      When Rosa keeps Ravi off Ama for "same-unit"
      Then this is refused as "forbidden"
