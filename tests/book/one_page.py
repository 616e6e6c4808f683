"""A book of one page: its text, and how it is built."""

import subprocess
import sys
from pathlib import Path

from support import ROOT, surroundings

PROSE = """\
# A page

(a-place)=
## A place

The formula $e^{z/T}$ and a {ref}`place <a-place>`.
"""

CODE = """
```{code-cell} python
---
mystnb:
  image:
    alt: One bar for each of two probabilities.
---
import matplotlib.pyplot as plt
from softmax_lib import softmax
from softmax_lib.live import TemperatureDial

plt.bar(["a", "b"], softmax([1, 0]));
```

```{code-cell} python
TemperatureDial()
```
"""

SOUND = f"""\
---
jupytext:
  text_representation:
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
---
{PROSE}{CODE}"""


def build(root: Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, ROOT / "tools/build.py", root],
        capture_output=True,
        text=True,
        env=surroundings(**environment),
        timeout=300,
    )
