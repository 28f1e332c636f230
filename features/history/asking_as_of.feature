Feature: Asking as of a moment
  What stood at a moment can be read again, by who may read the history, and never more of it than she may see today.

  Background:
    Given an edition under review of Ama and Bintou

  Rule: What was recorded later is absent

    Example: Before a late score
      Given Ravi gave Bintou 3 and 3
      And everybody remembers the time
      When Rosa scores Bintou
      Then as of then the standing tells the auditor 1 review of Bintou
      And today the standing tells the auditor 2 reviews of Bintou

    Example: Before there was anything
      When the auditor asks for the standing as of last year
      Then this is refused as "not_found"

  Rule: What is different between two moments can be asked for

    Example: The late score brought another nominee to the top
      Given Ravi gave Ama 3 and 3
      And Ravi gave Bintou 2 and 3
      And everybody remembers the time
      When Rosa scores Bintou
      Then since then Bintou went from rank 2 to 1
      And since then Ama went from rank 1 to 2

  Rule: Today's permissions and recusals hold for yesterday

    Example: Recused since
      Given everybody remembers the time
      And Ravi is recused from Ama
      Then as of then Ravi finds Bintou among the nominations, which are one

    Example: A panel is told no step of reviewing while it is at work
      Given Ravi gave Ama 4 and 4
      And everybody remembers the time
      When Ravi asks for the standing as of then
      Then this is refused as "shown_later"

    Example: Who may not read the history asks for no past
      Given everybody remembers the time
      When the nominator asks for the nomination of Ama as of then
      Then this is refused as "forbidden"

  Rule: The future is not told

    Example: As of tomorrow
      When the auditor asks for the standing as of tomorrow
      Then this is refused as "not_yet"
