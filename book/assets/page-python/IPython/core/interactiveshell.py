class InteractiveShell:
    """ipywidgets names it in annotations alone."""
