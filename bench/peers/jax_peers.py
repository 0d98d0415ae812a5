#!/usr/bin/env python3
"""JAX's side of the GPU benchmarks: each case one jitted function (XLA fuses, and records CUDA graphs by itself), cuDNN's attention. Full
float32 (precision "highest") unless a name says tf32 or bfloat16. JAX has no events to time by: the clock runs from an idle device until the last of the
queued repetitions is there.
"""
import math
import os
import sys
import time
import types

import peers

RATE, FREQUENCY = 1e-4, 30.0


def open_jax():
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # the other sides need memory too
    import jax

    device = jax.devices()[0]
    if device.platform != "gpu":
        raise RuntimeError("JAX finds no GPU")
    jax.config.update("jax_default_matmul_precision", "highest")
    keys = iter(jax.random.split(jax.random.key(1), 4096))

    def sample(repetition, count):
        jax.block_until_ready(repetition())
        start = time.perf_counter()
        for _ in range(count):
            result = repetition()
        jax.block_until_ready(result)  # one stream: the last is there when all are
        return (time.perf_counter() - start) * 1000 / count

    return types.SimpleNamespace(
        jax=jax, name="jax", version=jax.__version__, device=device.device_kind, sample=sample, reset=jax.clear_caches, keys=keys,
        settings="jit; matmul precision highest unless named; cuDNN attention; host clock around queued repetitions")


def normal(library, *shape, scale=1.0, dtype="float32"):
    return (scale * library.jax.random.normal(next(library.keys), shape)).astype(dtype)


def jitted(library, function, *operands):
    f = library.jax.jit(function)
    return lambda: f(*operands)


def gemm(library, n, precision):
    jax = library.jax
    dtype = "bfloat16" if precision == "bfloat16" else "float32"
    chosen = {"float32": "highest", "tf32": "tensorfloat32", "bfloat16": "default"}[precision]
    return jitted(library, lambda a, b: jax.numpy.matmul(a, b, precision=chosen), normal(library, n, n, dtype=dtype), normal(library, n, n, dtype=dtype))


def chain(library):
    jnp = library.jax.numpy
    f = lambda x, y: (jnp.maximum((x * y + 1.5) * x - y, 0.1) * 0.5 + jnp.abs(x - 0.25)) / (y + 2)
    return jitted(library, f, normal(library, peers.LARGE), normal(library, peers.LARGE))


def rows(library, kind):
    jax = library.jax

    def layer_norm(x):
        centred = x - x.mean(1, keepdims=True)
        return centred * jax.lax.rsqrt((centred * centred).mean(1, keepdims=True) + 1e-5)

    f = {"sum of all": lambda x: x.sum(), "sum of rows": lambda x: x.sum(1), "softmax": lambda x: jax.nn.softmax(x, 1), "layer norm": layer_norm}[kind]
    return jitted(library, f, normal(library, peers.ROWS, peers.COLUMNS))


def attention(library, length, backward):
    jax = library.jax
    shape = (peers.TOKENS // length, length, peers.HEADS, peers.DEPTH)  # JAX's order: heads after tokens
    q, k, v, cotangent = (normal(library, *shape, dtype="bfloat16") for _ in range(4))
    attend = lambda q, k, v: jax.nn.dot_product_attention(q, k, v, implementation="cudnn")
    if not backward:
        return jitted(library, attend, q, k, v)

    def gradients(q, k, v, cotangent):
        y, pull = jax.vjp(attend, q, k, v)
        return y, pull(cotangent)

    return jitted(library, gradients, q, k, v, cotangent)


def fft(library, shape, axes):
    jnp = library.jax.numpy
    return jitted(library, jnp.fft.fft if axes == 1 else jnp.fft.fft2, normal(library, *shape) + 1j * normal(library, *shape))


def spectral(library, x_shape, w_shape):
    jax = library.jax
    jnp = jax.numpy
    dimensions = len(x_shape) - 2
    modes, axes = w_shape[2:], tuple(range(2, 2 + dimensions))

    def loss(operands):
        x, *parts = operands
        weights = [parts[i] + 1j * parts[i + 1] for i in range(0, len(parts), 2)]
        coefficients = jnp.fft.rfftn(x, axes=axes)
        out = jnp.zeros((x_shape[0], w_shape[1], *coefficients.shape[2:]), coefficients.dtype)
        corners = [(..., slice(None, modes[0]))] if dimensions == 1 else [
            (..., slice(None, modes[0]), slice(None, modes[1])), (..., slice(-modes[0], None), slice(None, modes[1]))]
        for corner, w in zip(corners, weights):
            out = out.at[corner].set(jnp.einsum("bi...,io...->bo...", coefficients[corner], w))
        y = jnp.fft.irfftn(out, s=x_shape[2:], axes=axes)
        return 0.5 * (y * y).sum()

    operands = [normal(library, *x_shape)] + [normal(library, *w_shape, scale=1 / w_shape[0]) for _ in range(2 * dimensions)]
    return jitted(library, jax.grad(loss), operands)


def weight_space(library, widths, filters, batch):
    jax = library.jax
    jnp = jax.numpy
    layers = len(filters)
    shapes = peers.weight_space_shapes(widths, filters, batch)
    operands = [normal(library, *s, scale=1.0 if i < 2 * layers else 0.1 / math.sqrt(s[-1]) if len(s) == 2 else 0.1) for i, s in enumerate(shapes)]

    def loss(a):
        weights, biases, maps = a[:layers], a[layers:2 * layers], a[2 * layers:]
        in_rows, in_columns = [w.mean(3) for w in weights], [w.mean(2) for w in weights]
        everything = jnp.concatenate([w.mean((2, 3)) for w in weights] + [b.mean(2) for b in biases], 1)[..., None]
        total = 0.0
        for i in range(layers):
            def mapped(which, x):
                at = 2 * (peers.MAPS * i + which)
                bias = maps[at + 1].reshape((-1,) + (1,) * (x.ndim - 2))
                return jnp.einsum("oi,bi...->bo...", maps[at], x) + bias

            column = in_columns[0] if i == 0 else jnp.concatenate([in_columns[i], in_rows[i - 1], biases[i - 1]], 1)
            row = jnp.concatenate([in_rows[i], biases[i]] + ([in_columns[i + 1]] if i < layers - 1 else []), 1)
            y = mapped(0, weights[i]) + mapped(1, everything)[..., None] + mapped(2, column)[:, :, None, :] + mapped(3, row)[..., None]
            z = mapped(4, row) + mapped(5, everything)
            total = total + 0.5 * ((y * y).sum() + (z * z).sum())
        return total

    return jitted(library, jax.grad(loss), operands)


def weight_attention(library, batch, channels, heads, widths):
    jax = library.jax
    jnp = jax.numpy
    layers, depth = len(widths) - 1, channels // heads
    operands = [normal(library, batch, channels, widths[i + 1], widths[i]) for i in range(layers)]
    operands += [normal(library, batch, channels, widths[i + 1]) for i in range(layers)]
    operands += [normal(library, 3 * channels, channels, scale=channels ** -0.5), normal(library, 3 * channels, scale=0.1)]

    def attend(q, k, v):
        """Over [batch, heads, tokens, length]."""
        scores = jax.nn.softmax(jnp.einsum("bhqd,bhkd->bhqk", q, k) / math.sqrt(q.shape[-1]), -1)
        return jnp.einsum("bhqk,bhkd->bhqd", scores, v)

    def loss(a):
        projection, bias = a[-2], a[-1]
        packed = [jnp.einsum("oi,bi...->bo...", projection, x) + bias.reshape((-1,) + (1,) * (x.ndim - 2)) for x in a[:-2]]
        weights, biases = packed[:layers], packed[layers:]
        means = jnp.stack([x.reshape(batch, 3 * channels, -1).mean(2) for x in packed], 2).reshape(batch, heads, 3, depth, 2 * layers).swapaxes(-2, -1)
        overall = attend(means[:, :, 0], means[:, :, 1], means[:, :, 2]).swapaxes(-2, -1).reshape(batch, channels, 2 * layers)
        sums = [overall[:, :, i, None, None] if i < layers else overall[:, :, i, None] for i in range(2 * layers)]
        for i in range(layers + 1):
            tokens = []
            if i > 0:
                tokens += [weights[i - 1].transpose(0, 3, 1, 2), biases[i - 1][:, None]]
            if i < layers:
                tokens.append(weights[i].transpose(0, 2, 1, 3))
            x = jnp.concatenate(tokens, 1)
            x = x.reshape(batch, x.shape[1], heads, 3, depth * widths[i]).transpose(3, 0, 2, 1, 4)
            y = attend(x[0], x[1], x[2]).transpose(0, 2, 1, 3).reshape(batch, -1, channels, widths[i])
            if i > 0:
                left = widths[i - 1]
                sums[i - 1] = sums[i - 1] + y[:, :left].transpose(0, 2, 3, 1)
                sums[layers + i - 1] = sums[layers + i - 1] + y[:, left]
            if i < layers:
                sums[i] = sums[i] + y[:, y.shape[1] - widths[i + 1]:].transpose(0, 2, 1, 3)
        return sum(0.5 * (s * s).sum() for s in sums)

    return jitted(library, jax.grad(loss), operands)


def hvp_mlp(library, batch):
    jax = library.jax
    sizes = [784, 512, 512, 10]
    x, y = normal(library, batch, sizes[0]), jax.random.randint(next(library.keys), (batch,), 0, 10)
    parameters = []
    for i, o in zip(sizes, sizes[1:]):
        parameters += [normal(library, o, i, scale=math.sqrt(2 / i)), normal(library, o, scale=0.01)]

    def loss(p, x, y):
        z = jax.numpy.tanh(jax.numpy.tanh(x @ p[0].T + p[1]) @ p[2].T + p[3])
        scores = jax.nn.log_softmax(z @ p[4].T + p[5])
        return -jax.numpy.take_along_axis(scores, y[:, None], 1).mean()

    def product(p, t, x, y):
        return jax.jvp(lambda p: jax.grad(loss)(p, x, y), (p,), (t,))[1]

    return jitted(library, product, parameters, [normal(library, *p.shape) for p in parameters], x, y)


def sirens(library, copies, points):
    """A step of gradient descent of many SIRENs: the step of one under vmap."""
    jax = library.jax
    sizes = [2, 32, 32, 1]
    x, target = normal(library, points, 2, scale=0.5), normal(library, copies, points, 1)
    parameters = []
    for layer, (i, o) in enumerate(zip(sizes, sizes[1:])):
        parameters += [normal(library, copies, o, i, scale=0.3 if layer == 0 else math.sqrt(2 / i) / FREQUENCY), normal(library, copies, o, scale=0.01)]

    def loss(w, x, target):
        z = x
        for layer in range(3):
            z = z @ w[2 * layer].T + w[2 * layer + 1]
            z = jax.numpy.sin(FREQUENCY * z) if layer < 2 else z
        return ((z - target) ** 2).mean()

    def step(w, x, target):
        return [p - RATE * g for p, g in zip(w, jax.grad(loss)(w, x, target))]

    return jitted(library, jax.vmap(step, (0, None, 0)), parameters, x, target)


KINDS = {
    "gemm": gemm, "chain": chain, "rows": rows, "attention": attention, "fft": fft, "spectral": spectral, "weight_space": weight_space,
    "weight_attention": weight_attention,
    "hvp_mlp": hvp_mlp, "sirens": sirens,
}

if __name__ == "__main__":
    sys.exit(peers.main(__doc__, KINDS, open_jax))
