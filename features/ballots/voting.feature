Feature: Voting
  The chair, or the deputy, puts a question to the panel. Whoever sits as the ballot opens has one vote.

  Background:
    Given an edition under review of Ama and Bintou

  Rule: The votes of others are shown when the own is in

    Example: A member has not voted yet
      Given the chair has put a question to the panel
      When Ravi votes yes
      Then Rosa sees that 1 has voted, and no vote

    Example: A member has voted
      Given the chair has put a question to the panel
      And Ravi has voted yes
      When Rosa votes no
      Then Rosa sees the votes of Ravi and Rosa

  Rule: A vote may be changed until the close, and the history shows it

    Example: Somebody changes her mind
      Given the chair has put a question to the panel
      And Ravi has voted yes
      When Ravi votes no
      And Rosa votes no
      And the chair closes the ballot
      Then the panel has answered no
      And the auditor finds 2 votes of Ravi in the history

    Example: Somebody comes too late
      Given the chair has put a question to the panel
      And the chair has closed the ballot
      When Ravi votes yes
      Then this is refused as "ballot closed"

  Rule: Short of the quorum there is no answer; who abstains is there

    Example: Too few votes
      Given the chair has put a question to the panel with a quorum of 3
      And Ravi has voted yes
      And Rosa has voted yes
      When the chair closes the ballot
      Then the ballot missed its quorum

    Example: An abstention makes the quorum
      Given the chair has put a question to the panel with a quorum of 3
      And Ravi has voted yes
      And Rosa has voted yes
      And the chair has abstained
      When the chair closes the ballot
      Then the panel has answered yes

  Rule: One ballot may fill several seats, by single transferable vote

    Example: Two seats, three options
      Given the chair has asked for 2 of Ama and Bintou and no award
      When Ravi votes for Ama
      And Rosa votes for Bintou
      And the chair closes the ballot
      Then the seats go to Ama and Bintou
