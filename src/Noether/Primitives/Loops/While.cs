using Noether.Devices;
using Noether.Graphs;
using Noether.Transforms;

namespace Noether.Primitives;

/// <summary>
/// A loop of unknown length as one node: <c>while condition(carry): carry = body(carry)</c>. Operands: carries, what the condition captured, what
/// the body captured; outputs: the last carries.
/// </summary>
/// <remarks>
/// Forward derivatives go along; a reverse one would need as many kept carries as there are steps, which the graph does not know: it throws.
/// In a batch the loop runs until no example goes on, and examples that have stopped stay as they are.
/// </remarks>
/// <param name="Condition">The function of carries and captured tensors to one truth value.</param>
/// <param name="Body">The function of carries and captured tensors to the next carries.</param>
/// <param name="Carries">How many of the operands are carries.</param>
/// <param name="Asked">How many the condition captured.</param>
internal sealed record While(LoopBody Condition, LoopBody Body, int Carries, int Asked) : Primitive, ISampled
{
    public static IEnumerable<Sample> Samples =>
    [
        Of(static c => c[0] < 5, static c => [c[0] + 1, c[1] * 2], [Tensor.From(0, device: Device.Host), Tensor.From([1, 3], device: Device.Host)]),
        Of(static c => c[0] < 0, static c => [c[0] + 1], [Tensor.From(3L, DType.Int64, Device.Host)]),
    ];

    internal override bool TakesBFloat16 => true;

    /// <summary>Runs a loop as one node.</summary>
    public static Tensor[] Call(Func<Tensor[], Tensor> condition, Func<Tensor[], Tensor[]> body, Tensor[] carry)
    {
        var (primitive, operands) = Of(condition, body, carry);
        return Tensor.ApplyMany(primitive, operands);
    }

    internal override TensorType[] Infer(Tensor[] x)
    {
        var asked = Condition.Function.Types(Name, ForCondition(x))[0];
        if (asked.DType != DType.Bool || asked.Shape.Rank != 0)
            throw new ShapeException($"While: the condition gives {asked}; it must give bool[]");
        var types = Body.Function.Types(Name, ForBody(x));
        for (var i = 0; i < Carries; i++) Scan.CheckCarry(Name, new(x[i].Shape, x[i].DType), types[i]);
        return types;
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        var moving = Enumerable.Range(0, Carries).Where(i => x[i].DType.IsFloating()).ToArray();
        var captured = x[(Carries + Asked)..];
        var along = dx[(Carries + Asked)..];
        var last = Call(
            c => Condition.Function.Run([.. c[..Carries], .. x[Carries..(Carries + Asked)]])[0],
            c =>
            {
                var (variables, results) = Transform.Trace(Name, [.. c[..Carries], .. captured], Body.Function.Run);
                var incoming = new Tensor?[variables.Length];
                for (var k = 0; k < moving.Length; k++) incoming[moving[k]] = c[Carries + k];
                for (var k = 0; k < along.Length; k++) incoming[Carries + k] = along[k];
                var pushed = new Forward(variables, results).Push(incoming);
                return [.. results, .. moving.Select(i => pushed[i] ?? results[i].ZerosLike())];
            },
            [.. x[..Carries], .. moving.Select(i => dx[i] ?? x[i].ZerosLike())]);

        var result = new Tensor?[y.Length];
        for (var k = 0; k < moving.Length; k++) result[moving[k]] = last[Carries + k];
        return result;
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) =>
        throw new TransformException("While: has no reverse derivative, for the number of steps is not known before it runs; use Scan, or Jvp");

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        Tensor On(Tensor[] c) => Batching.Run(
            Condition.Function.Run, [.. c, .. x[Carries..(Carries + Asked)]], [.. Enumerable.Repeat(true, Carries), .. batched[Carries..(Carries + Asked)]], size)[0];
        return Call(
            c => On(c).Any(),
            c =>
            {
                var next = Batching.Run(
                    Body.Function.Run, [.. c, .. x[(Carries + Asked)..]], [.. Enumerable.Repeat(true, Carries), .. batched[(Carries + Asked)..]], size);
                var on = On(c);
                return [.. next.Select((n, i) => Tensor.Select(on.Reshape([size, .. Enumerable.Repeat(1, n.Rank - 1)]), n, c[i]))];
            },
            [.. x[..Carries].Select((c, i) => WithBatch(c, batched[i], size))]);
    }

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        using var memory = new LoopMemory(x);
        var carry = x[..Carries];
        View[] asked = x[Carries..(Carries + Asked)], captured = x[(Carries + Asked)..];
        var condition = Condition.PlanFor(device, Name, ForCondition(x));
        var body = Body.PlanFor(device, Name, ForBody(x));
        while (GoesOn(device, condition, [.. carry, .. asked]))
        {
            carry = Executor.Run(body, device, [.. carry, .. captured]);
            memory.Replace(carry, carry);
        }

        for (var i = 0; i < Carries; i++) device.Copy(carry[i], y[i]);
    }

    private static bool GoesOn(Device device, Plan condition, View[] arguments)
    {
        var answer = Executor.Run(condition, device, arguments)[0];
        Span<byte> value = stackalloc byte[1];
        device.Download(answer.Storage, answer.Layout.Offset, value);
        if (!Array.Exists(arguments, v => v.Storage == answer.Storage)) answer.Storage.Release();
        return value[0] != 0;
    }

    private T[] ForCondition<T>(T[] x) => x[..(Carries + Asked)];

    private T[] ForBody<T>(T[] x) => [.. x[..Carries], .. x[(Carries + Asked)..]];

    private static Sample Of(Func<Tensor[], Tensor> condition, Func<Tensor[], Tensor[]> body, Tensor[] carry)
    {
        var (test, asked) = Captured.Of("While", c => [condition(c)], carry);
        var (step, taken) = Captured.Of(
            "While",
            c =>
            {
                var next = body(c);
                return next.Length == carry.Length ? next : throw new TransformException($"While: the body takes {carry.Length} carries and returns {next.Length}");
            },
            carry);
        return new(
            new While(new(test), new(step), carry.Length, asked.Length - carry.Length), [.. asked, .. taken[carry.Length..]]);
    }
}
