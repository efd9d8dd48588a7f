"""Mail out and mail in: what is said to agencies, how it travels, and what their answers say."""
