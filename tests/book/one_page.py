"""A page with every kind of cell that the build treats specially, and its prose alone."""

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
