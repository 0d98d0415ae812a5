#!/usr/bin/env python3
"""PyTorch's side of the GPU benchmarks. Every case in the form that is fastest there: torch.compile where it helps, with CUDA graphs where the
host would be the limit (mode="reduce-overhead"), channels-last images, fused optimiser, PyTorch's choice of attention backend. Full float32
unless a name says tf32 or bfloat16. Timed by CUDA events around queued repetitions.
"""
import math
import sys
import types

import peers

RATE, FREQUENCY = 1e-3, 30.0


def open_torch():
    import torch

    if not torch.cuda.is_available():
        raise RuntimeError("PyTorch finds no GPU")
    torch.manual_seed(1)

    def sample(repetition, count):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        torch.cuda.synchronize()
        start.record()
        for _ in range(count):
            repetition()
        end.record()
        end.synchronize()
        return start.elapsed_time(end) / count

    def reset():
        tf32(torch, False)
        torch.compiler.reset()
        torch.cuda.empty_cache()

    tf32(torch, False)
    return types.SimpleNamespace(
        torch=torch, name="torch", version=torch.__version__, device=torch.cuda.get_device_name(), sample=sample, reset=reset,
        settings=f"CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}; torch.compile, reduce-overhead where the host is the limit; float32 without TF32 unless named")


def tf32(torch, allowed):
    torch.backends.cuda.matmul.allow_tf32 = allowed
    torch.backends.cudnn.allow_tf32 = allowed


def normal(library, *shape, scale=1.0, dtype=None):
    return (scale * library.torch.randn(shape, device="cuda")).to(dtype or library.torch.float32)


def labels(library, count):
    return library.torch.randint(10, (count,), device="cuda")


def compiled(library, function, mode="reduce-overhead"):
    """The function compiled; where results of a recorded graph would be overwritten by the next call, nobody reads them."""
    return library.torch.compile(function, mode=mode, fullgraph=True, dynamic=False)


def graph(library, function):
    """Records a function without arguments, autograd included, as one CUDA graph and returns its replay."""
    torch = library.torch
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            function()
    torch.cuda.current_stream().wait_stream(stream)
    recorded = torch.cuda.CUDAGraph()
    with torch.cuda.graph(recorded):
        kept = function()

    def replay(_kept=kept):
        recorded.replay()

    return replay


def gemm(library, n, precision):
    torch = library.torch
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    tf32(torch, precision == "tf32")
    a, b, out = normal(library, n, n, dtype=dtype), normal(library, n, n, dtype=dtype), torch.empty(n, n, device="cuda", dtype=dtype)
    return lambda: torch.mm(a, b, out=out)


def chain(library):
    x, y = normal(library, peers.LARGE), normal(library, peers.LARGE)
    f = compiled(library, lambda x, y: (((x * y + 1.5) * x - y).clamp_min(0.1) * 0.5 + (x - 0.25).abs()) / (y + 2), mode="default")
    return lambda: f(x, y)


def rows(library, kind):
    functional = library.torch.nn.functional
    f = {
        "sum of all": lambda x: x.sum(),
        "sum of rows": lambda x: x.sum(1),
        "softmax": lambda x: functional.softmax(x, 1),
        "layer norm": lambda x: functional.layer_norm(x, (peers.COLUMNS,)),
    }[kind]
    x = normal(library, peers.ROWS, peers.COLUMNS)
    f = compiled(library, f, mode="max-autotune-no-cudagraphs")
    return lambda: f(x)


def attention(library, length, backward):
    torch = library.torch
    shape = (peers.TOKENS // length, peers.HEADS, length, peers.DEPTH)
    q, k, v, cotangent = (normal(library, *shape, dtype=torch.bfloat16) for _ in range(4))
    attend = torch.nn.functional.scaled_dot_product_attention
    if not backward:
        def forward():
            with torch.no_grad():
                return attend(q, k, v)

        return forward
    for operand in (q, k, v):
        operand.requires_grad_()
    return lambda: torch.autograd.grad(attend(q, k, v), (q, k, v), cotangent)


def fft(library, shape, axes):
    torch = library.torch
    x = torch.complex(normal(library, *shape), normal(library, *shape))
    return (lambda: torch.fft.fft(x)) if axes == 1 else (lambda: torch.fft.fft2(x))


def spectral(library, x_shape, w_shape):
    """Gradients of half the squared norm of an FNO layer's spectral convolution (Li et al. 2021)."""
    torch = library.torch
    dimensions = len(x_shape) - 2
    x = normal(library, *x_shape).requires_grad_()
    weights = [torch.view_as_complex(normal(library, *w_shape, 2, scale=1 / w_shape[0])).requires_grad_() for _ in range(dimensions)]
    modes, sizes, axes = w_shape[2:], x_shape[2:], tuple(range(2, 2 + dimensions))

    def repetition():
        coefficients = torch.fft.rfftn(x, dim=axes)
        out = torch.zeros(x_shape[0], w_shape[1], *coefficients.shape[2:], device="cuda", dtype=coefficients.dtype)
        corners = [(..., slice(None, modes[0]))] if dimensions == 1 else [
            (..., slice(None, modes[0]), slice(None, modes[1])), (..., slice(-modes[0], None), slice(None, modes[1]))]
        for corner, w in zip(corners, weights):
            out[corner] = torch.einsum("bi...,io...->bo...", coefficients[corner], w)
        y = torch.fft.irfftn(out, s=sizes, dim=axes)
        return torch.autograd.grad(0.5 * y.square().sum(), [x, *weights])

    return graph(library, repetition)


def weight_space(library, widths, filters, batch):
    """A linear layer on weights, equivariant to permutations of neurons (NP; Zhou et al. 2023), as reference code writes it; with gradients."""
    torch = library.torch
    layers = len(filters)
    shapes = peers.weight_space_shapes(widths, filters, batch)
    operands = [normal(library, *s, scale=1.0 if i < 2 * layers else 0.1 / math.sqrt(s[-1]) if len(s) == 2 else 0.1).requires_grad_() for i, s in enumerate(shapes)]
    functional = torch.nn.functional

    def loss(*a):
        weights, biases, maps = a[:layers], a[layers:2 * layers], a[2 * layers:]
        in_rows, in_columns = [w.mean(3) for w in weights], [w.mean(2) for w in weights]
        everything = torch.cat([w.mean((2, 3)) for w in weights] + [b.mean(2) for b in biases], 1)
        total = 0.0
        for i in range(layers):
            def local(which, x):
                at = 2 * (peers.MAPS * i + which)
                return functional.conv1d(x, maps[at].unsqueeze(-1), maps[at + 1])

            def overall(which):
                at = 2 * (peers.MAPS * i + which)
                return functional.linear(everything, maps[at], maps[at + 1]).unsqueeze(-1)

            column = in_columns[0] if i == 0 else torch.cat([in_columns[i], in_rows[i - 1], biases[i - 1]], 1)
            row = torch.cat([in_rows[i], biases[i]] + ([in_columns[i + 1]] if i < layers - 1 else []), 1)
            at = 2 * peers.MAPS * i
            y = functional.conv2d(weights[i], maps[at][:, :, None, None], maps[at + 1])
            y = y + overall(1).unsqueeze(-1) + local(2, column).unsqueeze(-2) + local(3, row).unsqueeze(-1)
            z = local(4, row) + overall(5)
            total = total + 0.5 * (y.square().sum() + z.square().sum())
        return total

    f = compiled(library, loss, mode="default")
    return graph(library, lambda: torch.autograd.grad(f(*operands), operands))


def weight_attention(library, batch, channels, heads, widths):
    """Self-attention among the weights of perceptrons (NFT; Zhou et al. 2023), one projection for all tensors; with gradients."""
    torch = library.torch
    layers, depth = len(widths) - 1, channels // heads
    operands = [normal(library, batch, channels, widths[i + 1], widths[i]).requires_grad_() for i in range(layers)]
    operands += [normal(library, batch, channels, widths[i + 1]).requires_grad_() for i in range(layers)]
    operands += [normal(library, 3 * channels, channels, scale=channels ** -0.5).requires_grad_(), normal(library, 3 * channels, scale=0.1).requires_grad_()]
    attend = torch.nn.functional.scaled_dot_product_attention

    def loss(*a):
        projection, bias = a[-2], a[-1]
        packed = [torch.nn.functional.conv1d(x.flatten(2), projection.unsqueeze(-1), bias).unflatten(2, x.shape[2:]) for x in a[:-2]]
        weights, biases = packed[:layers], packed[layers:]
        means = torch.stack([x.flatten(2).mean(2) for x in packed], 2).unflatten(1, (heads, 3, depth)).transpose(-2, -1)
        overall = attend(means[:, :, 0], means[:, :, 1], means[:, :, 2]).transpose(-2, -1).reshape(batch, channels, 2 * layers)
        sums = [overall[:, :, i, None, None] if i < layers else overall[:, :, i, None] for i in range(2 * layers)]
        for i in range(layers + 1):
            # tokens by (channel, neuron): columns of what comes in, the bias, rows of what goes out
            tokens = []
            if i > 0:
                tokens += [weights[i - 1].permute(0, 3, 1, 2), biases[i - 1].unsqueeze(1)]
            if i < layers:
                tokens.append(weights[i].permute(0, 2, 1, 3))
            x = torch.cat(tokens, 1).unflatten(2, (heads, 3, depth)).permute(3, 0, 2, 1, 4, 5).flatten(4)
            y = attend(x[0], x[1], x[2]).unflatten(3, (depth, widths[i])).permute(0, 2, 1, 3, 4).flatten(2, 3)
            if i > 0:
                left = widths[i - 1]
                sums[i - 1] = sums[i - 1] + y[:, :left].permute(0, 2, 3, 1)
                sums[layers + i - 1] = sums[layers + i - 1] + y[:, left]
            if i < layers:
                sums[i] = sums[i] + y[:, y.shape[1] - widths[i + 1]:].permute(0, 2, 1, 3)
        return sum(0.5 * s.square().sum() for s in sums)

    f = compiled(library, loss, mode="default")
    return graph(library, lambda: torch.autograd.grad(f(*operands), operands))


def hvp(library, loss, parameters):
    """Forward over reverse, compiled where torch.compile can follow it."""
    torch = library.torch
    tangents = tuple(torch.randn_like(p) for p in parameters)
    product = lambda p, t: torch.func.jvp(torch.func.grad(loss), (p,), (t,))[1]
    primal = tuple(parameters)
    try:
        f = torch.compile(product, mode="reduce-overhead", dynamic=False)
        for _ in range(3):
            f(primal, tangents)
        return lambda: f(primal, tangents)
    except Exception:
        return graph(library, lambda: product(primal, tangents))


def hvp_mlp(library, batch):
    functional = library.torch.nn.functional
    sizes = [784, 512, 512, 10]
    x, y = normal(library, batch, sizes[0]), labels(library, batch)
    parameters = []
    for i, o in zip(sizes, sizes[1:]):
        parameters += [normal(library, o, i, scale=math.sqrt(2 / i)), normal(library, o, scale=0.01)]

    def loss(p):
        z = functional.linear(functional.linear(x, p[0], p[1]).tanh(), p[2], p[3]).tanh()
        return functional.cross_entropy(functional.linear(z, p[4], p[5]), y)

    return hvp(library, loss, parameters)


def hvp_resnet(library, batch):
    """ResNet-20 (He et al. 2015, section 4.2) with 1x1 convolutions as shortcuts, batch normalisation by the batch."""
    functional = library.torch.nn.functional
    x, y = normal(library, batch, 3, 32, 32), labels(library, batch)
    parameters = []

    def convolution(i, o, k):
        parameters.extend([normal(library, o, i, k, k, scale=math.sqrt(2 / (i * k * k))), 1 + normal(library, o, scale=0.01), normal(library, o, scale=0.01)])

    convolution(3, 16, 3)
    blocks = [(16 << max(0, i - 1) // 3, 16 << i // 3, 2 if i in (3, 6) else 1) for i in range(9)]
    for i, o, stride in blocks:
        convolution(i, o, 3)
        convolution(o, o, 3)
        if stride > 1:
            convolution(i, o, 1)
    parameters += [normal(library, 10, 64, scale=0.2), normal(library, 10, scale=0.01)]

    def loss(p):
        p = iter(p)

        def normalised(z, stride, padding):
            z = functional.conv2d(z, next(p), stride=stride, padding=padding)
            return functional.batch_norm(z, None, None, next(p), next(p), training=True)

        z = normalised(x, 1, 1).relu()
        for _, _, stride in blocks:
            body = normalised(normalised(z, stride, 1).relu(), 1, 1)
            z = (body + (normalised(z, stride, 0) if stride > 1 else z)).relu()
        return functional.cross_entropy(functional.linear(z.mean((2, 3)), next(p), next(p)), y)

    return hvp(library, loss, parameters)


def digits(library, batch):
    """A training step of Digits' network by AdamW: forward and backward compiled, the step one CUDA graph."""
    torch = library.torch
    nn = torch.nn
    network = nn.Sequential(
        nn.Conv2d(1, 16, 5), nn.MaxPool2d(2), nn.ReLU(), nn.Conv2d(16, 32, 5), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(512, 10),
    ).cuda().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, fused=True, capturable=True)
    x, y = normal(library, batch, 1, 28, 28).to(memory_format=torch.channels_last), labels(library, batch)
    forward = compiled(library, lambda x, y: nn.functional.cross_entropy(network(x), y), mode="max-autotune-no-cudagraphs")

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = forward(x, y)
        loss.backward()
        optimizer.step()
        return loss

    return graph(library, step)


def sirens(library, copies, points):
    """A step of gradient descent of many SIRENs (Sitzmann et al. 2020) by products over all at once."""
    torch = library.torch
    sizes = [2, 32, 32, 1]
    x, target = normal(library, points, 2, scale=0.5), normal(library, copies, points, 1)
    parameters = []
    for layer, (i, o) in enumerate(zip(sizes, sizes[1:])):
        scale = 0.3 if layer == 0 else math.sqrt(2 / i) / FREQUENCY
        parameters += [normal(library, copies, o, i, scale=scale).requires_grad_(), normal(library, copies, o, scale=0.01).requires_grad_()]

    def loss(*w):
        z = x.expand(copies, -1, -1)
        for layer in range(3):
            z = torch.baddbmm(w[2 * layer + 1].unsqueeze(1), z, w[2 * layer].transpose(1, 2))
            if layer < 2:
                z = (FREQUENCY * z).sin()
        return (z - target).square().mean((1, 2)).sum()

    f = compiled(library, loss, mode="default")

    def step():
        gradients = torch.autograd.grad(f(*parameters), parameters)
        return torch._foreach_add([p.detach() for p in parameters], gradients, alpha=-1e-4)

    return graph(library, step)


KINDS = {
    "gemm": gemm, "chain": chain, "rows": rows, "attention": attention, "fft": fft, "spectral": spectral, "weight_space": weight_space,
    "weight_attention": weight_attention,
    "hvp_mlp": hvp_mlp, "hvp_resnet": hvp_resnet, "digits": digits, "sirens": sirens,
}

if __name__ == "__main__":
    sys.exit(peers.main(__doc__, KINDS, open_torch))
