"""Past one machine: rows streamed by Dask, and a class axis cut into shards, on a cluster of two processes."""

import warnings

import dask.array
import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from distributed import Client, LocalCluster

from softmax_lib import log_softmax, logsumexp, softmax


@pytest.fixture(scope="module")
def client():
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        yield client


def shard_summary(shard):
    """All that a shard of the classes must tell: its largest logit and its sum of e^(z − largest)."""
    largest = shard.max(axis=-1)
    return largest, np.exp(shard - largest[:, None]).sum(axis=-1)


def merge(left, right):
    """The online softmax: two summaries become that of the union."""
    largest = np.maximum(left[0], right[0])
    return largest, left[1] * np.exp(left[0] - largest) + right[1] * np.exp(right[0] - largest)


@pytest.mark.parametrize("chunk", [1, 7, 64, 400])
@pytest.mark.parametrize("classes", [10, 63, 300])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_have_the_same_bits_as_in_memory(client, chunk, classes, dtype):
    z = (5 * np.random.default_rng(0).normal(size=(400 if chunk > 1 else 20, classes))).astype(dtype)
    blocks = dask.array.from_array(z, chunks=(chunk, classes))
    for function in (softmax, log_softmax):
        streamed = blocks.map_blocks(function, temperature=0.7, dtype=dtype).compute()
        np.testing.assert_array_equal(streamed, function(z, temperature=0.7), strict=True)


def test_both_processes_take_part(client):
    assert len(client.scheduler_info(n_workers=-1)["workers"]) == 2
    assert len(set(client.run(lambda: __import__("os").getpid()).values())) == 2


@pytest.mark.parametrize("shards", [2, 3, 8])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_sharded_class_axis_within_8_ulp(client, shards, dtype):
    z = (3 * np.random.default_rng(1).normal(size=(20, 1000))).astype(dtype)
    parts = np.array_split(z, shards, axis=1)
    futures = client.map(shard_summary, parts, pure=False)
    while len(futures) > 1:
        merged = [client.submit(merge, a, b, pure=False) for a, b in zip(futures[::2], futures[1::2], strict=False)]
        futures = merged + (futures[-1:] if len(futures) % 2 else [])
    largest, total = futures[0].result()
    p = np.concatenate([np.exp(part - largest[:, None]) / total[:, None] for part in parts], axis=1)
    expected = softmax(z)
    assert (abs(p - expected) <= 8 * np.spacing(expected)).all()
    np.testing.assert_allclose(largest + np.log(total), logsumexp(z), rtol=8 * np.finfo(dtype).eps)
