"""The few names of IPython that ipywidgets and the book import: all of it would take 4 MB and two seconds more."""

version_info = (8, 23, 0)


def get_ipython():
    return None
