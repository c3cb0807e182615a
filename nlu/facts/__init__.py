"""Facts from dialogue: rules of data/facts over spaCy documents of Kiwi morphemes, English words.

Like the whole of nlu, it knows no calendar day and no memory: it says what was said, of whom.
"""
