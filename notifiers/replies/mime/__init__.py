"""What a mail is made of: parts, charsets, files, and what is wrapped up in them."""
