using Noether.Kernels.Elementwise;
using Noether.Kernels.Tests.Elementwise;

namespace Noether.Kernels.Tests.MatMul;

/// <summary>Programs that end products; each with the product in registers, or from memory as a kernel of its own reads it.</summary>
internal static class EpiloguePrograms
{
    /// <summary><c>max(x + bias, 0)</c>.</summary>
    public static LaneProgram Layer(InputAccess product, InputAccess bias, ElementType type = ElementType.Float32)
    {
        var program = new LaneProgram();
        var sum = program.Call(Forms.Of<Forms.Add>(), program.Input(type, product), program.Input(type, bias));
        program.Output(program.Call(Forms.Of<Forms.Maximum>(), sum, program.Constant(type, 0.0)));
        return program;
    }

    /// <summary>
    /// <c>y = tanh(scale·x + column)·residual</c>, <c>y &lt; 0</c>, and x: inputs residual, x, column; a number; outputs of two types.
    /// </summary>
    public static LaneProgram Several(InputAccess product, InputAccess residual, InputAccess column, ElementType type = ElementType.Float32)
    {
        var program = new LaneProgram();
        var (r, x, c) = (program.Input(type, residual), program.Input(type, product), program.Input(type, column));
        var scaled = program.Call(Forms.Of<Forms.Add>(), program.Call(Forms.Of<Forms.Multiply>(), x, program.Number(type)), c);
        var y = program.Call(Forms.Of<Forms.Multiply>(), program.Call(typeof(Elementary).GetMethod(nameof(Elementary.Tanh))!, scaled), r);
        program.Output(y);
        program.Output(program.Ask(Forms.Of<Forms.Less>(), y, program.Constant(type, 0.0)));
        program.Output(x);
        return program;
    }

    /// <summary><c>y = tanh x</c> and <c>dy = (1 - y²)·dx</c>, and dx: inputs dx, x.</summary>
    public static LaneProgram Dual(InputAccess product, InputAccess tangent, ElementType type = ElementType.Float32)
    {
        var program = new LaneProgram();
        var (dx, x) = (program.Input(type, tangent), program.Input(type, product));
        var y = program.Call(typeof(Elementary).GetMethod(nameof(Elementary.Tanh))!, x);
        var square = program.Call(Forms.Of<Forms.Multiply>(), y, program.Call(Forms.Of<Forms.Multiply>(), y, program.Constant(type, -1.0)));
        program.Output(y);
        program.Output(program.Call(Forms.Of<Forms.Multiply>(), program.Call(Forms.Of<Forms.Add>(), square, program.Constant(type, 1.0)), dx));
        program.Output(dx);
        return program;
    }
}
