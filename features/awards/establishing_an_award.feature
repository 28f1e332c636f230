Feature: Establishing an award
  A standing honour is established once, under a short name of its own; it is given edition by edition.

  Rule: An award is public as soon as it is established

    Example: The secretariat establishes an award
      When the secretariat establishes the award "Gender Advocate of the Year"
      Then the public finds the award as "Gender Advocate of the Year"

    Example: An award is named in two languages
      When the secretariat establishes the award "Advocate of the Year", in French "Défenseure de l’année"
      Then the public finds the award in French as "Défenseure de l’année"

  Rule: A short name is given once

    Example: Another award asks for a short name that is taken
      Given an award
      When the secretariat establishes another award under the same short name
      Then this is refused as "award exists"

  Rule: Whoever changes an award's texts has read them as they stand

    Example: The award gets a better name
      Given an award
      When the secretariat renames the award "Peace Advocate of the Year"
      Then the public finds the award as "Peace Advocate of the Year"

    Example: Two people change the texts at the same time
      Given an award that two people have read
      When one of them renames it "The First" and then the other "The Second"
      Then this is refused as "stale"
      And the public finds the award as "The First"

  Rule: A discontinued award is not given again, and stays known

    Example: No further edition is planned
      Given an award
      And the secretariat has discontinued it
      When the secretariat plans an edition
      Then this is refused as "award discontinued"

    Example: The award can still be found
      Given an award
      And the secretariat has discontinued it
      Then the public finds the award as discontinued
