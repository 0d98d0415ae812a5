using Noether.Kernels.Elementwise;
using Noether.Kernels.Tests.Elementwise;

namespace Noether.Kernels.Tests;

/// <summary>Programs that stand for what the elementwise emitter makes.</summary>
internal static class PtxPrograms
{
    public static IEnumerable<(string Name, LaneProgram Program)> All =>
    [
        ("Program[Unary]", Unary()),
        ("Program[Broadcast]", Binary(InputAccess.Single)),
        ("Program[Strided]", Binary(InputAccess.Strided)),
        ("Program[Runs]", Binary(InputAccess.Runs)),
        ("Program[Repeated]", Binary(InputAccess.Repeated)),
        ("Program[Optimiser]", Optimiser()),
        ("Program[SeveralOutputs]", SeveralOutputs()),
    ];

    /// <summary>Three outputs of three types from two inputs of two types, one of them strided.</summary>
    public static LaneProgram SeveralOutputs()
    {
        var program = new LaneProgram();
        var x = program.Input(ElementType.Float32, InputAccess.Contiguous);
        var y = program.Cast(program.Input(ElementType.BFloat16, InputAccess.Strided), ElementType.Float32);
        var less = program.Ask(Forms.Of<Forms.Less>(), x, y);
        var sum = program.Call(Forms.Of<Forms.Add>(), x, y);
        program.Output(program.Select(less, program.Call(Forms.Of<Forms.SquareRoot>(), sum), program.Constant(ElementType.Float32, 0.5)));
        program.Output(less);
        program.Output(program.Cast(sum, ElementType.Int64));
        return program;
    }

    // Momentum: two numbers given at the launch, three operands, two results.
    private static LaneProgram Optimiser()
    {
        var program = new LaneProgram();
        int[] x = [.. Enumerable.Range(0, 3).Select(_ => program.Input(ElementType.Float32, InputAccess.Contiguous))];
        var (rate, decay) = (program.Number(ElementType.Float32), program.Number(ElementType.Float32));
        var velocity = program.Call(Forms.Of<Forms.Add>(), program.Call(Forms.Of<Forms.Multiply>(), x[1], decay), x[2]);
        program.Output(program.Call(Forms.Of<Forms.Add>(), x[0], program.Call(Forms.Of<Forms.Multiply>(), velocity, rate)));
        program.Output(velocity);
        return program;
    }

    private static LaneProgram Unary()
    {
        var program = new LaneProgram();
        program.Output(program.Call(Forms.Of<Forms.SquareRoot>(), program.Input(ElementType.Float32, InputAccess.Contiguous)));
        return program;
    }

    private static LaneProgram Binary(InputAccess second)
    {
        var program = new LaneProgram();
        var x = program.Input(ElementType.Float32, InputAccess.Contiguous);
        program.Output(program.Call(Forms.Of<Forms.Multiply>(), x, program.Input(ElementType.Float32, second)));
        return program;
    }
}
