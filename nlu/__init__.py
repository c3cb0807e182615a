"""Understanding of one message: Rasa components for Korean and English text.

Must not import any other package of this project; must run on Python 3.10 with Rasa as published.
"""
