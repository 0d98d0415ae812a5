using System.Reflection;
using System.Text;

namespace Noether.Kernels.Elementwise;

/// <summary>
/// A straight-line program over the elements of one traversal: what an elementwise kernel is emitted from. Each method adds an instruction and
/// returns its register.
/// </summary>
/// <example><code>
/// var program = new LaneProgram();
/// var x = program.Input(ElementType.Float32, InputAccess.Contiguous);
/// var y = program.Call(typeof(Tanh.Form).GetMethod("Invoke")!, x);
/// program.Output(program.Call(typeof(Add.Form).GetMethod("Invoke")!, x, y));
/// </code></example>
public sealed class LaneProgram
{
    private readonly List<LaneInstruction> instructions = [];
    private readonly List<(ElementType Type, InputAccess Access)> inputs = [];
    private readonly List<int> outputs = [];
    private string? key;

    /// <summary>The inputs, in the order in which views are given at the launch.</summary>
    public IReadOnlyList<(ElementType Type, InputAccess Access)> Inputs => inputs;

    /// <summary>The registers that are stored, in the order in which views are given at the launch.</summary>
    public IReadOnlyList<int> Outputs => outputs;

    /// <summary>How many numbers are given at the launch.</summary>
    public int Numbers { get; private set; }

    /// <summary>Equal for programs that give the same kernel: operations, types, accesses and constants, but no sizes.</summary>
    public string Key => key ??= Describe();

    internal IReadOnlyList<LaneInstruction> Instructions => instructions;

    /// <summary>About how many operators over lanes an element takes.</summary>
    internal int Operators => instructions.Sum(instruction => instruction.Operation switch
    {
        LaneOperation.Call or LaneOperation.Ask => FormSize.Of(instruction.Form!),
        LaneOperation.Select or LaneOperation.Cast => 1,
        _ => 0,
    });

    /// <summary>The element type of a register.</summary>
    public ElementType TypeOf(int register) => instructions[register].Type;

    /// <summary>Loads the next input.</summary>
    public int Input(ElementType type, InputAccess access)
    {
        inputs.Add((type, access));
        return Add(new(LaneOperation.Load, type, [], Number: inputs.Count - 1));
    }

    /// <summary>A number, rounded to the type: an immediate operand, part of the <see cref="Key"/>.</summary>
    public int Constant(ElementType type, double value) => type switch
    {
        ElementType.Bool => Constant(type, value != 0 ? 1L : 0L),
        ElementType.Int32 or ElementType.Int64 => Constant(type, (long)value),
        _ => Add(new(LaneOperation.Constant, type, [], Number: BitConverter.DoubleToInt64Bits(value))),
    };

    /// <summary>An integer, exactly.</summary>
    public int Constant(ElementType type, long value) => type is ElementType.Bool or ElementType.Int32 or ElementType.Int64
        ? Add(new(LaneOperation.Constant, type, [], Number: value))
        : Constant(type, (double)value);

    /// <summary>A number that is given at each launch, for all elements: not part of the <see cref="Key"/>, so that a step size may change at no cost.</summary>
    public int Number(ElementType type) => Add(new(LaneOperation.Number, type, [], Number: Numbers++));

    /// <summary>The element's number in the traversal, from 0.</summary>
    /// <exception cref="ArgumentException">The type is neither int32 nor int64.</exception>
    public int Iota(ElementType type) => type is ElementType.Int32 or ElementType.Int64
        ? Add(new(LaneOperation.Iota, type, []))
        : throw new ArgumentException($"LaneProgram: numbers are int32 or int64, not {type}");

    /// <summary>A form <c>V Invoke&lt;V&gt;(V x, …)</c> of registers of one type, which is the result's type.</summary>
    /// <param name="form">The generic method, public in a public type.</param>
    /// <param name="arguments">Registers.</param>
    /// <exception cref="ArgumentException">The arguments' types differ, or the form does not take so many.</exception>
    public int Call(MethodInfo form, params ReadOnlySpan<int> arguments) =>
        Add(new(LaneOperation.Call, Operand(form, arguments), arguments.ToArray(), Close(form, arguments)));

    /// <summary>A form whose result is a mask; the register is bool.</summary>
    /// <inheritdoc cref="Call"/>
    public int Ask(MethodInfo form, params ReadOnlySpan<int> arguments)
    {
        Operand(form, arguments);
        return Add(new(LaneOperation.Ask, ElementType.Bool, arguments.ToArray(), Close(form, arguments)));
    }

    /// <summary><c>mask ? x : y</c>.</summary>
    /// <exception cref="ArgumentException">The mask is not bool, or x and y differ in type.</exception>
    public int Select(int mask, int x, int y) => TypeOf(mask) == ElementType.Bool && TypeOf(x) == TypeOf(y)
        ? Add(new(LaneOperation.Select, TypeOf(x), [mask, x, y]))
        : throw new ArgumentException($"LaneProgram: Select({TypeOf(mask)}, {TypeOf(x)}, {TypeOf(y)}): the mask must be bool and the others of one type");

    /// <summary>Another type: floating to integer cuts towards zero and saturates, to bool asks for non-zero, to bfloat16 rounds.</summary>
    public int Cast(int x, ElementType type) => TypeOf(x) == type ? x : Add(new(LaneOperation.Cast, type, [x]));

    /// <summary>Stores a register to the next output, contiguously.</summary>
    public void Output(int register)
    {
        _ = TypeOf(register);
        outputs.Add(register);
        key = null;
    }

    private ElementType Operand(MethodInfo form, ReadOnlySpan<int> arguments)
    {
        if (!form.IsGenericMethodDefinition || form.GetParameters().Length != arguments.Length)
            throw new ArgumentException($"LaneProgram: {form.DeclaringType?.Name}.{form.Name} is not a generic form of {arguments.Length} arguments");
        var type = TypeOf(arguments[0]);
        foreach (var argument in arguments)
        {
            if (TypeOf(argument) != type)
                throw new ArgumentException($"LaneProgram: {form.DeclaringType?.Name}: argument types differ: {type} and {TypeOf(argument)}");
        }

        return type;
    }

    private MethodInfo Close(MethodInfo form, ReadOnlySpan<int> arguments) =>
        form.MakeGenericMethod(ElementTypes.Lane(TypeOf(arguments[0])));

    private int Add(LaneInstruction instruction)
    {
        instructions.Add(instruction);
        key = null;
        return instructions.Count - 1;
    }

    private string Describe()
    {
        var text = new StringBuilder();
        foreach (var (type, access) in inputs) text.Append(type).Append(' ').Append(access).Append(';');
        foreach (var instruction in instructions)
        {
            text.Append(instruction.Operation).Append(' ').Append(instruction.Type).Append(' ').Append(instruction.Number);
            if (instruction.Form is { } form) text.Append(' ').Append(form.MethodHandle.Value);
            foreach (var argument in instruction.Arguments) text.Append(" %").Append(argument);
            text.Append(';');
        }

        return text.Append("out ").AppendJoin(' ', outputs).ToString();
    }
}
