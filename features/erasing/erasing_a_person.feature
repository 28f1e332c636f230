Feature: Erasing a person
  What is said about a person can be erased; what was decided cannot. It takes two people, neither of whom is the person.

  Background:
    Given an edition whose decision is announced
    And Petra is a privacy officer of the award
    And Abel is an approver of the award

  Rule: One asks, another agrees

    Example: A winner is erased
      Given Petra has asked for the erasure of Ama
      When Abel agrees to the erasure of Ama
      Then the roll shows a winner without a name

    Example: A request changes nothing yet
      When Petra asks for the erasure of Ama
      Then the roll shows Ama

    Example: An officer cannot do it alone
      Given Petra has asked for the erasure of Ama
      When Petra agrees to the erasure of Ama
      Then this is refused as "second person needed"

    Example: The secretariat does not ask
      When the secretariat asks for the erasure of Ama
      Then this is refused as "forbidden"

    Example: A request is turned down
      Given Petra has asked for the erasure of Ama
      And Abel has turned the erasure of Ama down
      When Abel agrees to the erasure of Ama
      Then this is refused as "erasure not requested"

  Rule: A published name may be kept, on a legal basis

    Example: The roll keeps the winner's name
      Given Petra has asked for the erasure of Ama but for her published name
      When Abel agrees to the erasure of Ama
      Then the roll shows Ama
      And the nomination of Ama names nobody

  Rule: Of an erased person nothing is left to be found

    Example: A second request
      Given Petra has asked for the erasure of Ama
      And Abel has agreed to the erasure of Ama
      When Petra asks for the erasure of Ama
      Then this is refused as "person erased"
