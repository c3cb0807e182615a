"""PostgreSQL through SQLAlchemy: the only home of SQL. One module per noun, verbs inside; a verb
joins the caller's transaction and never commits.
"""
