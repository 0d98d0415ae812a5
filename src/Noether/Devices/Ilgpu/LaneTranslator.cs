using Noether.Graphs;
using Noether.Kernels.Elementwise;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

/// <summary>Writes a fused group as a program over scalar lanes, from which a kernel is emitted.</summary>
/// <remarks>
/// Constants become numbers given at the launch, so groups that differ in them alone (a learning rate, Adam's bias corrections) share a kernel.
/// <see cref="ElementType"/> has <see cref="DType"/>'s order.
/// </remarks>
internal sealed class LaneTranslator : IFormVisitor<int>
{
    private readonly LaneProgram program = new();
    private int[] arguments = [];
    private ElementType type;

    /// <summary>The program of a group whose inputs lie as given, and that stores some of these behind its outputs.</summary>
    public static LaneProgram Translate(ElementwiseGroup group, ReadOnlySpan<InputAccess> accesses, params ReadOnlySpan<int> kept)
    {
        var translator = new LaneTranslator();
        var registers = new int[group.Inputs.Length + group.Instructions.Length];
        for (var i = 0; i < group.Inputs.Length; i++)
            registers[i] = translator.program.Input((ElementType)group.Inputs[i], accesses[i]);
        for (var i = 0; i < group.Instructions.Length; i++)
        {
            var instruction = group.Instructions[i];
            translator.arguments = Array.ConvertAll(instruction.Arguments, a => registers[a]);
            translator.type = (ElementType)instruction.Type;
            registers[group.Inputs.Length + i] = instruction.Operation.Accept(translator);
        }

        foreach (var output in group.Outputs) translator.program.Output(registers[output]);
        foreach (var input in kept) translator.program.Output(registers[input]);
        return translator.program;
    }

    public int Unary<TForm>()
        where TForm : struct, IUnaryForm => Call<TForm>();

    public int NumberUnary<TForm>()
        where TForm : struct, INumberUnaryForm => Call<TForm>();

    public int Binary<TForm>()
        where TForm : struct, IBinaryForm => Call<TForm>();

    public int NumberBinary<TForm>()
        where TForm : struct, INumberBinaryForm => Call<TForm>();

    public int Integer<TForm>()
        where TForm : struct, IIntegerForm => Call<TForm>();

    public int Predicate<TForm>()
        where TForm : struct, IPredicateForm => Ask<TForm>();

    public int Comparison<TForm>()
        where TForm : struct, IComparisonForm => Ask<TForm>();

    public int Select() => program.Select(arguments[0], arguments[1], arguments[2]);

    public int Cast() => program.Cast(arguments[0], type);

    public int Constant(Scalar value) => program.Number(type);

    private int Call<TForm>() => program.Call(typeof(TForm).GetMethod("Invoke")!, arguments);

    private int Ask<TForm>() => program.Ask(typeof(TForm).GetMethod("Invoke")!, arguments);
}
