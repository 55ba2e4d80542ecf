"""What a student means: the question brought into form, its language, and what to ask back.

question -> tidied -> clear: its lesson
                   -> points back ("explain that again"): the lesson that the student had before
                   -> unclear ("force?"): an inquiry with options from the library -> an answer
"""
