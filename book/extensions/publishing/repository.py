"""The address of the repository, without which a page can lead nowhere: no reports, no edits, no archive for a notebook."""

PLACEHOLDER = "https://github.com/OWNER/REPOSITORY"


def is_known(address: str) -> bool:
    """Whether somebody has said where this book's repository lies."""
    return address != PLACEHOLDER
