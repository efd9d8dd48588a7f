"""The plan language: what a coordinator may write, and what is said when it is wrong."""
