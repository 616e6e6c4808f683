import subprocess
from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

from chapters.mathematics import NODE
from support import ROOT
from weight import scripts

SOURCE = """// Why this is so.
/* Who wrote it. */
export function softmax(logits) {
  const largest = Math.max(...logits); // never overflows
  const weights = logits.map((logit) => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
"""


def application(site):
    return SimpleNamespace(builder=SimpleNamespace(format="html"), outdir=site, confdir=ROOT)


def minified(site, source, name="live/base/softmax.js"):
    path = site / "_static" / name
    path.parent.mkdir(parents=True)
    path.write_text(source, "utf-8")
    scripts.minify(application(site), None)
    return path


def test_a_module_becomes_small_and_stays_the_same_function(tmp_path):
    path = minified(tmp_path, SOURCE)
    assert path.stat().st_size < len(SOURCE) / 2
    program = f'import {{ softmax }} from "{path.as_uri()}"; console.log(softmax([0, 0, Math.log(2)]).join(" "));'
    run = subprocess.run([NODE, "--input-type=module", "-e", program], capture_output=True, text=True, check=True)
    assert [float(number) for number in run.stdout.split()] == pytest.approx([0.25, 0.25, 0.5])


def test_a_script_that_does_not_parse_stops_the_build_by_name(tmp_path):
    with pytest.raises(ExtensionError, match=r"live/dial/dial\.js:1:"):
        minified(tmp_path, "export const = 1;", "live/dial/dial.js")


@pytest.mark.parametrize("name", ["live/base/parts/lit-html.js", "page-python/python/pyodide.js"])
def test_scripts_of_others_stay_as_their_packages_have_them(tmp_path, name):
    path = tmp_path / "_static/page/page.js"
    path.parent.mkdir(parents=True)
    path.write_text("1;", "utf-8")
    assert minified(tmp_path, SOURCE, name).read_text("utf-8") == SOURCE


def test_letters_of_other_alphabets_stay(tmp_path):
    assert "τ" in minified(tmp_path, 'export const name = "τ";').read_text("utf-8")


def test_a_long_path_and_a_full_environment_are_no_trouble(tmp_path, monkeypatch):
    """esbuild's WebAssembly has 8 kB for its arguments and the environment together, where it gets any."""
    monkeypatch.setenv("LONG", "x" * 20_000)
    folder = tmp_path.joinpath(*["a" * 100] * 10)
    for number in range(30):
        path = folder / f"_static/live/base/script{number}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SOURCE, "utf-8")
    assert minified(folder, SOURCE, "live/dial/dial.js").stat().st_size < len(SOURCE) / 2
    assert max(path.stat().st_size for path in folder.rglob("script*.js")) < len(SOURCE) / 2
