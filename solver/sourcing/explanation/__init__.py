"""Why a plan is as it is, and what would make it another: answers in data, and as sentences in English and Chinese.

Every figure comes from deciding the same problem again with something changed; nothing here prices by itself.
"""
