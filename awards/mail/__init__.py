"""Mail: an outbox fed from the log, never inside a write.

The feed turns events into rows of the outbox, a row a recipient and cause; rows and position advance in one
transaction. The sender takes a row, asks again whether it still holds, writes the letter and hands it to the mail
server, and then notes that it did. What dies in between is taken up again, so nothing is lost; a letter goes out twice
only if the mail server accepted it and nobody was left to note that.
"""
