Feature: Dissenting
  A member of the panel who does not share a decision says so on the record; the text is sealed.

  Rule: A member of the panel dissents once from a proposal

    Example: Dissent is on the record
      Given an edition whose decision is proposed
      When Ravi dissents: "Bintou did more."
      Then the decision shows the dissent of Ravi: "Bintou did more."

    Example: Not twice
      Given an edition whose decision is proposed
      And Ravi has dissented
      When Ravi dissents: "As I said."
      Then this is refused as "already dissented"

    Example: Not without a seat
      Given an edition whose decision is proposed
      When the auditor dissents: "I would not."
      Then this is refused as "forbidden"

  Rule: Dissent is possible until the announcement

    Example: The decision is public
      Given an edition whose decision is announced
      When Ravi dissents: "Too late."
      Then this is refused as "already announced"
