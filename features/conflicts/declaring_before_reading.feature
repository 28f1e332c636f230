Feature: Declaring before reading
  Where the edition's rules hold a conflict policy, a reviewer declares under its present text to have no conflict, then
  opens the file, and only then scores. Each step is recorded.

  Background:
    Given a planned edition with a conflict policy
    And it is under review of Ama
    And Ama is assigned to Ravi

  Rule: The declaration comes before the file

    Example: A reviewer declares and opens the file
      Given Ravi has declared no conflict over Ama
      When Ravi opens the file of Ama
      Then Ravi reads the statement for Ama
      And the history ends with "nomination file opened"
      And the declaration over Ama by Ravi cites the present policy

    Example: The file is opened too early
      When Ravi opens the file of Ama
      Then this is refused as "declaration missing"

    Example: The file is opened again
      Given Ravi has declared no conflict over Ama
      And Ravi has opened the file of Ama
      When Ravi opens the file of Ama
      Then the file of Ama was opened once by Ravi

    Example: No conflict is declared once under the same text
      Given Ravi has declared no conflict over Ama
      When Ravi declares no conflict over Ama
      Then this is refused as "already declared"

  Rule: The file comes before the score

    Example: A score without a declaration
      When Ravi scores Ama
      Then this is refused as "declaration missing"

    Example: A score without a look
      Given Ravi has declared no conflict over Ama
      When Ravi scores Ama
      Then this is refused as "file not opened"

    Example: A score after both
      Given Ravi has declared no conflict over Ama
      And Ravi has opened the file of Ama
      When Ravi scores Ama
      Then the review of Ama by Ravi is submitted

  Rule: Who reviews nothing declares too before reading

    Example: The chair reads a file
      When the chair declares no conflict over Ama and opens the file
      Then the chair reads the statement for Ama
