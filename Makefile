PYTHON ?= python3
IN_VENV := .venv/bin/python
PYTEST := $(IN_VENV) -m pytest -n 3 --dist worksteal

.PHONY: help book serve chapter live pdf zip downloads package lint format test test-quick test-lowest bench links \
  lock address clean

help:  ## list the jobs
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 18

book:  ## build the book into _build/html
	@$(PYTHON) tools/environment.py book
	@$(IN_VENV) tools/build.py

serve: book  ## build the book and show it on this machine
	@$(IN_VENV) tools/serve.py $(if $(JUPYTER),--jupyter '$(JUPYTER)')

chapter:  ## show one chapter while you write it: make chapter NAME=temperature
	@$(PYTHON) tools/environment.py book
	@$(IN_VENV) tools/chapter.py $(or $(NAME),$(error name a chapter: make chapter NAME=temperature))

live:  ## open the chapters as notebooks in JupyterLab
	@$(PYTHON) tools/environment.py live
	@$(IN_VENV) tools/live.py

pdf: book  ## print the book into _build/softmax-and-temperature.pdf
	@$(PYTHON) tools/environment.py pdf
	@$(IN_VENV) tools/pdf.py

zip: book  ## pack the book as a folder that opens by double-click, _build/softmax-and-temperature.zip
	@$(IN_VENV) tools/pack.py

downloads: export DOWNLOADS = yes
downloads: pdf zip  ## build the site with the PDF and the ZIP in it, and links to them
	@mkdir -p _build/html/downloads
	@cp _build/softmax-and-temperature.pdf _build/softmax-and-temperature.zip _build/html/downloads

package:  ## pack softmax_lib as a wheel and a source distribution into dist
	@$(PYTHON) tools/environment.py test-quick
	@$(IN_VENV) -m build --installer uv --outdir dist

lint:  ## check format, style, spelling and the length of lines
	@$(PYTHON) tools/environment.py lint
	@.venv/bin/ruff format --check --quiet
	@.venv/bin/ruff check --quiet
	@.venv/bin/biome check --error-on-warnings
	@git ls-files -z | xargs -0 .venv/bin/codespell
	@$(IN_VENV) tools/long_lines.py

format:  ## format all code, and mend of its style what can be mended safely
	@$(PYTHON) tools/environment.py lint
	@.venv/bin/ruff check --fix-only --quiet
	@.venv/bin/ruff format --quiet
	@.venv/bin/biome check --write

test:  ## run all tests, after setting up all they need
	@$(PYTHON) tools/environment.py test
	@$(PYTEST)

test-quick:  ## run the tests that need neither the built book nor a browser or kernel: for every edit
	@$(PYTHON) tools/environment.py test-quick
	@$(PYTEST) -m "not slow"

test-lowest:  ## run the library's tests under the oldest NumPy that it promises to work with
	@$(PYTHON) tools/environment.py test-lowest
	@.venv-lowest/bin/python -m pytest -n 3 --noconftest -m "not slow" softmax_lib/*.py tests/library \
	  --ignore=tests/library/test_package.py --ignore=tests/library/test_installation.py

bench: book  ## measure the library (book/data/benchmarks.json), the figures, live code, the model, and the site
	@$(PYTHON) tools/environment.py bench
	@$(IN_VENV) benchmarks/library.py
	@$(IN_VENV) benchmarks/double_softmax.py
	@$(IN_VENV) benchmarks/figures.py
	@$(IN_VENV) benchmarks/kernel.py
	@$(IN_VENV) benchmarks/own_prompt.py
	@$(IN_VENV) benchmarks/site.py

links: book  ## ask whether the links to other sites still lead somewhere
	@$(IN_VENV) tools/links.py

lock:  ## resolve the packages anew into requirements/*.txt
	@$(PYTHON) tools/environment.py book
	@$(IN_VENV) tools/lock.py

address:  ## copy the repository's address from _config.yml to the files that quote it
	@$(PYTHON) tools/environment.py book
	@$(IN_VENV) tools/address.py

clean:  ## delete everything that was built (the packages stay)
	rm -rf _build book/_generated
