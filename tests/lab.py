"""A notebook in JupyterLab. Its page answers to scripts if the server was started with EXPOSED."""

EXPOSED = "--LabApp.expose_app_in_browser=True"
NOTEBOOK = "[...window.jupyterapp?.shell.widgets('main') ?? []].find((panel) => panel.content?.model?.cells)"


def wait_for_notebook(page) -> None:
    """Until its kernel takes cells: before, a press of Shift+Enter asks for one."""
    page.wait_for_function(NOTEBOOK)
    page.evaluate(f"""async () => {{
        const {{ context, sessionContext }} = {NOTEBOOK};
        await context.ready;
        await sessionContext.ready;
        await sessionContext.session.kernel.info;
    }}""")
