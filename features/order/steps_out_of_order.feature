Feature: Steps out of order
  A step that does not fit the state of things is refused by name, and nothing of it is recorded.

  Scenario Outline: A step that does not fit
    Given <state>
    When <step>
    Then this is refused as "<refusal>"
    And the log is as long as before

    Examples: The call
      | state                           | step                                       | refusal             |
      | a planned edition               | the nominator nominates Ama                | call not opened     |
      | a planned edition               | the secretariat closes the call            | call not opened     |
      | a planned edition               | the secretariat extends the call by a week | call not opened     |
      | an edition whose call is open   | the secretariat opens the call             | call already opened |
      | an edition whose call is closed | the secretariat closes the call            | call closed         |
      | an edition under review of Ama  | the nominator nominates Bintou             | call closed         |

    Examples: Reviewing
      | state                                | step                                        | refusal                |
      | a planned edition                    | the secretariat opens reviewing             | call not opened        |
      | an edition whose call is open        | the secretariat opens reviewing             | call still open        |
      | an edition whose call opens tomorrow | the secretariat opens reviewing             | call still open        |
      | an edition under review of Ama       | the secretariat opens reviewing             | reviewing already open |
      | an edition whose call is closed      | the secretariat closes reviewing            | reviewing not open     |
      | an edition whose reviewing is closed | the secretariat opens reviewing             | reviewing closed       |
      | an edition under review of Ama       | the chair reopens reviewing for "no-reason" | reviewing not closed   |

    Examples: The decision
      | state                                  | step                                   | refusal           |
      | an edition whose decision is approved  | the approver approves the decision     | already decided   |
      | an edition whose decision is announced | the approver approves the decision     | already decided   |
      | an edition whose decision is proposed  | the award is conferred                 | not announced     |
      | an edition whose decision is announced | the secretariat announces the decision | already announced |
      | an edition whose decision is proposed  | the approver revokes the award of Ama  | not announced     |

    Examples: The end
      | state               | step                                    | refusal           |
      | a cancelled edition | the secretariat opens the call          | edition cancelled |
      | a cancelled edition | the secretariat appoints Ravi as member | edition cancelled |
      | a cancelled edition | the secretariat cancels the edition     | edition cancelled |

    Examples: While a decision waits for its second person
      | state                                 | step                                          | refusal          |
      | an edition whose decision is proposed | Ama declines                                  | already proposed |
      | an edition whose decision is proposed | the secretariat rules Ama eligible            | already proposed |
      | an edition whose decision is proposed | the chair shortlists Ama                      | already proposed |
      | an edition whose decision is proposed | the secretariat cancels the edition           | already proposed |
      | an edition whose decision is proposed | the chair reopens reviewing for "late-scores" | already proposed |
