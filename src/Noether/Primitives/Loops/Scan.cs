using Noether.Devices;
using Noether.Graphs;
using Noether.Transforms;

namespace Noether.Primitives;

/// <summary>
/// A loop of known length as one node: <c>(carry, output[t]) = body(carry, slice[t])</c>. Operands: carries, tensors whose axis 0 is sliced, and
/// what the body captured; outputs: the last carries, and the outputs stacked along a new axis 0.
/// </summary>
/// <remarks>
/// The reverse pass is a scan from the end, over carries that a second forward scan has kept: memory is one carry a step, not the body's
/// intermediate values.
/// </remarks>
/// <param name="Body">The function of carries, slices and captured tensors.</param>
/// <param name="Length">How many steps.</param>
/// <param name="Carries">How many of the operands are carries.</param>
/// <param name="Slices">How many are sliced.</param>
internal sealed record Scan(LoopBody Body, int Length, int Carries, int Slices) : Primitive, ISampled
{
    public static IEnumerable<Sample> Samples
    {
        get
        {
            yield return Of(
                static (c, x) => ([c[0].Sin() * x[0] + c[0]], [c[0] * c[0] * x[0]]), 2, [Sampling.Values([2])], [Sampling.Values([2, 2], seed: 1)]);
            var weight = Sampling.Values([2, 2], seed: 2);
            yield return Of((c, _) => ([c[0].Unsqueeze(0).MatMul(weight).Squeeze(0).Tanh()], []), 4, [Sampling.Values([2])], []);
            yield return Of(static (c, x) => ([c[0] + x[0]], [x[0]]), 0, [Sampling.Values([2])], [Sampling.Values([0, 2])]);
        }
    }

    internal override bool TakesBFloat16 => true;

    /// <summary>Runs a body as one node.</summary>
    public static (Tensor[] Carry, Tensor[] Outputs) Call(
        Func<Tensor[], Tensor[], (Tensor[] Carry, Tensor[] Outputs)> body, int length, Tensor[] carry, Tensor[] slices)
    {
        var (primitive, operands) = Of(body, length, carry, slices);
        var y = Tensor.ApplyMany(primitive, operands);
        return (y[..carry.Length], y[carry.Length..]);
    }

    internal override TensorType[] Infer(Tensor[] x)
    {
        var slices = x[Carries..(Carries + Slices)];
        foreach (var slice in slices)
        {
            if (slice.Rank == 0 || slice.Shape[0] != Length)
                throw new ShapeException($"Scan: a tensor to slice is {slice.Shape}; its axis 0 must have the scan's {Length} steps");
        }

        var types = Body.Function.Types(Name, [.. x[..Carries], .. slices.Select(One), .. x[(Carries + Slices)..]]);
        for (var i = 0; i < Carries; i++) CheckCarry(Name, new(x[i].Shape, x[i].DType), types[i]);
        return [.. types.Select((t, i) => i < Carries ? t : t with { Shape = t.Shape.Insert(0, Length) })];
    }

    internal static void CheckCarry(string name, TensorType before, TensorType after)
    {
        if (before.Shape.Equals(after.Shape) && before.DType == after.DType) return;
        throw new ShapeException($"{name}: the body turns a carry of {before} into {after}; it must keep shape and type");
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        // The tangent of every floating operand goes along with it.
        var moving = Floating(x);
        var tangents = Array.ConvertAll(moving, i => dx[i] ?? x[i].ZerosLike());
        var carried = moving.Count(i => i < Carries);
        var sliced = moving.Count(i => i >= Carries && i < Carries + Slices);
        var floatingOutputs = Floating(y);

        var (last, outputs) = Call(
            (c, s) =>
            {
                Tensor[] primals = [.. c[..Carries], .. s[..Slices], .. x[(Carries + Slices)..]];
                Tensor[] along = [.. c[Carries..], .. s[Slices..], .. tangents[(carried + sliced)..]];
                var (variables, results) = Transform.Trace(Name, primals, Body.Function.Run);
                var incoming = new Tensor?[primals.Length];
                for (var k = 0; k < moving.Length; k++) incoming[moving[k]] = along[k];
                var pushed = new Forward(variables, results).Push(incoming);
                var kept = Array.ConvertAll(floatingOutputs, i => pushed[i] ?? results[i].ZerosLike());
                var split = floatingOutputs.Count(i => i < Carries);
                return ([.. results[..Carries], .. kept[..split]], kept[split..]);
            },
            Length, [.. x[..Carries], .. tangents[..carried]], [.. x[Carries..(Carries + Slices)], .. tangents[carried..(carried + sliced)]]);

        var result = new Tensor?[y.Length];
        Tensor[] found = [.. last[Carries..], .. outputs];
        for (var k = 0; k < floatingOutputs.Length; k++) result[floatingOutputs[k]] = found[k];
        return result;
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var captured = x[(Carries + Slices)..];
        var kept = Call(
            (c, s) => (Body.Function.Run([.. c, .. s, .. captured])[..Carries], c), Length, x[..Carries], x[Carries..(Carries + Slices)]).Outputs;

        // Cotangents of carries flow backwards; those of captured tensors add up on the way; those of slices come out step by step.
        var moving = Floating(x);
        var carries = moving.Where(i => i < Carries).ToArray();
        var sliced = moving.Where(i => i >= Carries && i < Carries + Slices).ToArray();
        var fixedOnes = moving.Where(i => i >= Carries + Slices).ToArray();
        var outputs = Floating(y).Where(i => i >= Carries).ToArray();
        Tensor[] flow = [.. carries.Select(i => cotangents[i] ?? x[i].ZerosLike()), .. fixedOnes.Select(i => x[i].ZerosLike())];
        Tensor[] backwards = [.. kept.Concat(x[Carries..(Carries + Slices)]).Concat(outputs.Select(i => cotangents[i] ?? y[i].ZerosLike())).Select(Backwards)];

        var (first, steps) = Call(
            (c, s) =>
            {
                var (variables, results) = Transform.Trace(Name, [.. s[..(Carries + Slices)], .. captured], Body.Function.Run);
                var incoming = new Tensor?[results.Length];
                for (var k = 0; k < carries.Length; k++) incoming[carries[k]] = c[k];
                for (var k = 0; k < outputs.Length; k++) incoming[outputs[k]] = s[Carries + Slices + k];
                var pulled = new Reverse(variables, results).Pull(incoming);
                return (
                    [.. carries.Select(i => pulled[i] ?? x[i].ZerosLike()), .. fixedOnes.Select((i, k) => pulled[i] is { } p ? c[carries.Length + k] + p : c[carries.Length + k])],
                    [.. sliced.Select(i => pulled[i] ?? variables[i].ZerosLike())]);
            },
            Length, flow, backwards);

        var result = new Tensor?[x.Length];
        for (var k = 0; k < carries.Length; k++) result[carries[k]] = first[k];
        for (var k = 0; k < fixedOnes.Length; k++) result[fixedOnes[k]] = first[carries.Length + k];
        for (var k = 0; k < sliced.Length; k++) result[sliced[k]] = Backwards(steps[k]);
        return result;
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        // Axis 0 is the scan's: a sliced tensor's batch goes second.
        var slices = x[Carries..(Carries + Slices)].Select((s, i) => batched[Carries + i] ? s.MoveAxis(0, 1) : s).ToArray();
        bool[] which = [.. Enumerable.Repeat(true, Carries), .. batched[Carries..]];
        var (carry, outputs) = Call(
            (c, s) =>
            {
                var results = Batching.Run(Body.Function.Run, [.. c, .. s, .. x[(Carries + Slices)..]], which, size);
                return (results[..Carries], results[Carries..]);
            },
            Length, [.. x[..Carries].Select((c, i) => WithBatch(c, batched[i], size))], slices);
        return [.. carry, .. outputs.Select(o => o.MoveAxis(1, 0))];
    }

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        using var memory = new LoopMemory(x);
        var carry = x[..Carries];
        View[] captured = x[(Carries + Slices)..];
        Plan? plan = null;
        for (var t = 0; t < Length; t++)
        {
            View[] arguments = [.. carry, .. x[Carries..(Carries + Slices)].Select(s => At(s, t)), .. captured];
            plan ??= Body.PlanFor(device, Name, arguments);
            var results = Executor.Run(plan, device, arguments);
            for (var o = Carries; o < results.Length; o++) device.Copy(results[o], At(y[o], t));
            carry = results[..Carries];
            memory.Replace(results, carry);
        }

        for (var i = 0; i < Carries; i++) device.Copy(carry[i], y[i]);
    }

    private static Sample Of(Func<Tensor[], Tensor[], (Tensor[] Carry, Tensor[] Outputs)> body, int length, Tensor[] carry, Tensor[] slices)
    {
        var (function, operands) = Captured.Of(
            "Scan",
            a =>
            {
                var (next, outputs) = body(a[..carry.Length], a[carry.Length..]);
                if (next.Length != carry.Length) throw new TransformException($"Scan: the body takes {carry.Length} carries and returns {next.Length}");
                return [.. next, .. outputs];
            },
            [.. carry, .. slices.Select(One)]);
        return new(new Scan(new(function), length, carry.Length, slices.Length), [.. carry, .. slices, .. operands[(carry.Length + slices.Length)..]]);
    }

    // A tensor of a slice's type; only its type is used.
    private static Tensor One(Tensor slices) =>
        slices.Rank > 0
            ? Tensor.Full(slices.Shape[1..], 0, slices.DType, slices.Device)
            : throw new ShapeException($"Scan: a tensor to slice needs an axis, not {slices.Shape}");

    private static View At(View stacked, int t)
    {
        var layout = stacked.Layout;
        return stacked.With(new(layout.Shape[1..], layout.Strides[1..].ToArray(), layout.Offset + t * layout.Strides[0]));
    }

    private static Tensor Backwards(Tensor x) => Tensor.Apply(new Flip([0]), x);

    private static int[] Floating(Tensor[] x) => [.. Enumerable.Range(0, x.Length).Where(i => x[i].DType.IsFloating())];
}
