"""What a file of the shop's brings, written many rows at a time. Each module takes rows that have
been read and checked, changes nothing that is so already, and says which rows it could not take.
"""
