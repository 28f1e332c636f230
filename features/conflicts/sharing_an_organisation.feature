Feature: Sharing an organisation
  Who sits and who is put forward may belong to the same organisation. That is proposed as a possible conflict to whoever
  runs the edition, and left for people to decide. Affiliations are kept beside the log.

  Background:
    Given an edition under review of Ama and Bintou
    And Ravi belongs to "Harbour Board"

  Rule: A common organisation is proposed as a conflict

    Example: A reviewer and a nominee
      Given the nominee Ama belongs to "harbour  board"
      Then a conflict of Ravi over Ama is proposed as "nominee"
      And no conflict of Rosa is proposed

    Example: A reviewer and a nominator
      Given the nominator belongs to "Harbour Board"
      Then a conflict of Ravi over Ama is proposed as "nominator"
      And a conflict of Ravi over Bintou is proposed as "nominator"

    Example: Different organisations
      Given the nominee Ama belongs to "Institute of Mines"
      Then no conflict of Ravi is proposed

  Rule: What is decided is not proposed

    Example: The reviewer is recused
      Given the nominee Ama belongs to "Harbour Board"
      When the chair keeps Ravi off Ama for "same-organisation"
      Then no conflict of Ravi is proposed

    Example: The recusal was lifted
      Given the nominee Ama belongs to "Harbour Board"
      And Ravi has declared beforehand a conflict over Ama
      When the secretariat reinstates Ravi over Ama for "other-branch"
      Then no conflict of Ravi is proposed

  Rule: People state their own organisations, the secretariat anybody's

    Example: A reviewer states an organisation
      When Rosa states to belong to "Harbour Board"
      Then Rosa belongs to "Harbour Board"
      And nothing new is in the history

    Example: A reviewer states another's
      When Rosa states that Ravi belongs to "Harbour Board"
      Then this is refused as "forbidden"
