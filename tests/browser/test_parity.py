"""softmax.mjs is softmax_lib, as a browser computes it; and a wrong copy would be noticed."""

from itertools import islice

import numpy as np

from harness import answers, parity
from softmax_lib import entropy, perplexity, pick, softmax
from softmax_lib.live.mulberry32 import mulberry32

SEED = 20_260
TEMPERATURES = [0, 1e-3, 0.05, 0.7, 1, 20, np.inf]
COMPUTE = """async ([module, cases]) => {
    const { softmax, entropy, perplexity, cumulative, pick } = await import(module);
    return cases.map(([logits, T, us]) => {
        const p = softmax(logits, T);
        return [p, entropy(p), perplexity(p), cumulative(p), us.map((u) => pick(p, u))];
    });
}"""


def cases():
    """Seeded logits, temperatures and uniforms: within the figures' range, far beyond it, with ties and −inf."""
    rng = np.random.default_rng(SEED)
    logits = [np.round(rng.uniform(-5, 5, rng.integers(1, 9)), 1) for _ in range(420)]
    logits += [100 + rng.normal(size=6) for _ in range(60)]
    logits += [rng.choice([-1e4, -1e4, 0, 3, 1e4, 1e4], 5) for _ in range(40)]
    logits += [
        np.where(np.arange(6) == rng.permutation(6)[0], 1, np.where(rng.random(6) < 0.4, -np.inf, 0)) for _ in range(40)
    ]
    for i, z in enumerate(logits):
        temperature = TEMPERATURES[i % 14] if i % 14 < 7 else float(10 ** rng.uniform(-1.3, 1.3))
        edges = np.cumsum(softmax(z, temperature))
        us = [0, np.nextafter(1, 0), *rng.random(4), *edges[edges < 1]]
        yield z.tolist(), temperature, [float(u) for u in us]


EXPECTED = list(cases())


def compare(page, module):
    computed = answers(page, COMPUTE, module, EXPECTED)
    assert len(EXPECTED) >= 500
    for (logits, temperature, us), (p, nats, classes, sums, picks) in zip(EXPECTED, computed, strict=True):
        wanted = softmax(logits, temperature)
        np.testing.assert_allclose(p, wanted, rtol=2e-15, atol=0)
        np.testing.assert_allclose(nats, entropy(wanted), rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(classes, perplexity(wanted), rtol=1e-13)
        np.testing.assert_array_equal(sums, np.cumsum(p))
        np.testing.assert_array_equal(picks, pick(p, us))


test_the_browser_computes_what_the_library_does, test_a_broken_copy_is_caught = parity(
    compare,
    {
        "forgotten denominator": ("weight / sum", "weight"),
        "T multiplied": ("(z - top) / T", "(z - top) * T"),
        "T forgotten": ("(z - top) / T", "z - top"),
        "missing shift": ("(z - top) / T", "z / T"),
        "shift after the division": ("(z - top) / T", "z / T - top / T"),
        "no limit at 0": ("if (T === 0) return", "if (T < 0) return"),
        "impossible classes at infinity": ("Number(z > -Infinity)", "1"),
        "ties not shared": ("Number(z === top)", "Number(z === top) * Math.random()"),
        "bits for nats": ("q * Math.log(q)", "q * Math.log2(q)"),
        "0 log 0": ("q > 0 ? sum", "q >= 0 ? sum"),
        "u on an edge": ("sum > u", "sum >= u"),
        "a class of probability 0 is picked": ("sums.indexOf(sums.at(-1))", "p.length - 1"),
    },
)


def test_the_random_numbers_are_the_same_in_python(show):
    page, count = show(), 10_000
    for seed in (0, 7, 2**31 + 5, 2**32 - 1):
        uniforms, picks = page.evaluate(
            """async ([seed, count]) => {
            const { mulberry32, pick } = await import("./_static/live/base/softmax.mjs");
            const next = mulberry32(seed), uniforms = Array.from({ length: count }, next);
            return [uniforms, uniforms.map((u) => pick([0.1, 0, 0.6, 0.3], u))];
        }""",
            [seed, count],
        )
        twins = list(islice(mulberry32(seed), count))
        assert uniforms == twins
        np.testing.assert_array_equal(picks, pick([0.1, 0, 0.6, 0.3], twins))


def test_the_random_numbers_are_uniform():
    uniforms = np.fromiter(islice(mulberry32(SEED), 10_000), float)
    counts = np.bincount((uniforms * 20).astype(int), minlength=20)
    assert ((counts - 500) ** 2 / 500).sum() < 43.8  # chi-squared, 19 degrees of freedom, 0.1 %
