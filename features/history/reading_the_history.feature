Feature: Reading the history
  Who did what, and when, is derived from the log itself; it tells neither scores nor anything personal.

  Rule: Every act is told in order, with who did it in which role

    Example: From planning to the first nomination
      Given an edition whose call is open and Ama is nominated
      When the secretariat rules Ama ineligible by the rule "served-in-mission" for "left-before-period"
      Then the history tells
        | who         | what                        |
        | secretariat | edition planned             |
        | secretariat | edition call opened         |
        | secretariat | edition role entered        |
        | nominator   | nomination submitted        |
        | secretariat | nomination ruled ineligible |

    Example: What was refused left no trace
      Given an edition whose call is open and Ama is nominated
      When the nominator rules Ama eligible
      Then this is refused as "forbidden"
      And the history ends with "nomination submitted"

  Rule: Numbers and names stay where they belong

    Example: The auditor reads of a review
      Given an edition under review of Ama
      And Ama is assigned to Ravi
      When Ravi scores Ama 5 for impact and 4 for initiative, commenting "steady"
      Then the history ends with "review submitted"
      And the history tells the auditor no name, no score and no comment
